import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PUBLIC_KEYS } from '../support/public-keys.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { didKeyOf } from '../../src/adapters/did/did-key-of.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService({ RATE_LIMIT: '0' })
})
afterAll(() => service.stop())

interface Answer {
  readonly status: number
  readonly code: unknown
}

/** What is answered to this request line and these headers, byte for byte as they are here. */
const send = (target: string, headers: readonly string[], method = 'GET') =>
  new Promise<Answer>((resolve, reject) => {
    const text = [`${method} ${target} HTTP/1.1`, ...headers, 'Connection: close', '', '']
    const socket = connect(Number(new URL(service.url).port), 'localhost', () => {
      socket.write(text.join('\r\n'))
    })
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('error', reject)
    socket.on('close', () => {
      const answer = Buffer.concat(chunks).toString()
      const body = answer.slice(answer.indexOf('\r\n\r\n'))
      const code = /"code":"(\w+)"/.exec(body)?.[1]
      resolve({ status: Number(answer.split(' ')[1]), code })
    })
  })

const REFUSED = { status: 400, code: 'host_invalid' }
const KEY = didKeyOf(PUBLIC_KEYS['P-256'])

describe('H4: the Host header', () => {
  it.each([
    'localhost',
    'LOCALHOST:8787',
    'trust.example',
    'lso_trust:80',
    '127.0.0.1',
    '[::1]:80',
  ])('H4: is taken when it is %s, and chooses nothing', async (host) => {
    expect(await send('/health', [`Host: ${host}`])).toMatchObject({ status: 200 })
    expect(await send('/admin/issuers', [`Host: ${host}`])).toMatchObject({ status: 401 })
  })

  it.each([
    { target: `/clients/${KEY}/jwks`, host: `x/clients/${KEY}/jwks?` },
    { target: '/admin/issuers', host: 'x/health?' },
    { target: '/health', host: 'x/admin/issuers?' },
    { target: '/nothing', host: 'x/health#' },
    { target: '/health', host: 'localhost/' },
    { target: '/health', host: 'localhost?' },
    { target: '/health', host: 'localhost#' },
    { target: '/health', host: 'localhost\\x' },
    { target: '/health', host: 'user@localhost' },
    { target: '/health', host: 'localhost:port' },
    { target: '/health', host: 'localhost:' },
    { target: '/health', host: 'local host' },
    { target: '/health', host: 'localhost, localhost' },
    { target: '/health', host: 'localhost%2fx' },
    { target: '/health', host: '[::1' },
  ])('H4: is refused for $target when it is $host', async ({ target, host }) => {
    expect(await send(target, [`Host: ${host}`])).toEqual(REFUSED)
    for (const method of ['OPTIONS', 'POST', 'PATCH'])
      expect(await send(target, [`Host: ${host}`, 'Content-Length: 0'], method)).toEqual(REFUSED)
  })

  it('H4: is refused when there is none, or more than one', async () => {
    expect(await send('/health', [])).toMatchObject({ status: 400 })
    expect(await send('/health', ['Host: localhost', 'Host: x/health?'])).toMatchObject({
      status: 400,
    })
  })

  it.each([':80/health', '.evil.example/health', '@evil.example/health', '?x=/health'])(
    'H4: is not continued by the target %s',
    async (target) => {
      expect((await send(target, ['Host: localhost'])).status).toBe(400)
    },
  )
})
