import { createDidKey } from '../src/adapters/did/did-key.ts'
import { createKeyArithmetic } from '../src/adapters/did/key-arithmetic.ts'
import { parseDid } from '../src/domain/did/did.ts'

const didKey = createDidKey(createKeyArithmetic())

/** What a did:key costs before there is a service: its key is read and judged, its document written. */
export default {
  async fetch(request: Request): Promise<Response> {
    const did = parseDid(request.url.slice(request.url.lastIndexOf('/') + 1))
    const found = did.ok ? await didKey.find(did.value, undefined) : did
    if (!found.ok) return new Response(null, { status: 400 })
    return new Response(JSON.stringify(found.value.source), {
      headers: { 'Content-Type': 'application/did' },
    })
  },
}
