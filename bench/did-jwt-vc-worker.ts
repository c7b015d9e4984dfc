import { didJwtVcAnswer } from './did-jwt-vc.ts'

/** did-jwt-vc inside workerd; the path names the key. */
export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url)
    return new Response(await didJwtVcAnswer(await request.text(), pathname.slice(1)), {
      headers: { 'Content-Type': 'application/json' },
    })
  },
}
