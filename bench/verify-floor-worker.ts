import { DurableObject } from 'cloudflare:workers'
import { decodeBase64url, utf8, utf8Text } from '../src/domain/base64url.ts'
import { publicJwkIn } from './public-key.ts'

/** A table of which one row is read: the least that a status of now can cost. */
export class Rows extends DurableObject {
  readonly #sql: SqlStorage

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env as never)
    this.#sql = state.storage.sql
    this.#sql.exec('CREATE TABLE IF NOT EXISTS entry (at INTEGER PRIMARY KEY, bit INTEGER) STRICT')
    this.#sql.exec('INSERT INTO entry (at, bit) VALUES (1, 0) ON CONFLICT DO NOTHING')
  }

  bit(): number {
    return Number(this.#sql.exec('SELECT bit FROM entry WHERE at = 1').one()['bit'])
  }
}

interface Bound {
  readonly ROWS: DurableObjectNamespace<Rows>
}

const keys = new Map<string, CryptoKey>()
const ES256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }

/**
 * The least that checking a credential can cost: the body and the two halves of its token are parsed,
 * one signature is verified by the key that the path names, the claims are the answer. Behind
 * `/read/` one row is read from a Durable Object. Nothing of it is judged.
 */
export default {
  async fetch(request: Request, { ROWS }: Bound): Promise<Response> {
    const [kind = '', keySegment = ''] = new URL(request.url).pathname.slice(1).split('/')
    const { verifiableCredential: token } = await request.json<{ verifiableCredential: string }>()
    const end = token.lastIndexOf('.')
    const [header, payload] = token.slice(0, end).split('.', 2).map(parsed)
    const key = keys.get(keySegment) ?? (await imported(keySegment))
    const signature = decodeBase64url(token.slice(end + 1)) ?? new Uint8Array()
    const alg = key.algorithm.name === 'ECDSA' ? ES256 : 'Ed25519'
    const good = await crypto.subtle.verify(alg, key, signature, utf8(token.slice(0, end)))
    const bit = kind === 'read' ? await ROWS.getByName('rows').bit() : 0
    const verified = good && bit === 0 && header !== undefined
    return new Response(JSON.stringify({ verified, credential: payload }), {
      status: verified ? 200 : 400,
      headers: { 'Content-Type': 'application/json' },
    })
  },
}

const parsed = (part: string): unknown =>
  JSON.parse(utf8Text(decodeBase64url(part) ?? new Uint8Array()) ?? '')

async function imported(keySegment: string): Promise<CryptoKey> {
  const jwk = publicJwkIn(keySegment)
  const alg = jwk.kty === 'EC' ? ES256 : { name: 'Ed25519' }
  const key = await crypto.subtle.importKey('jwk', jwk, alg, false, ['verify'])
  keys.set(keySegment, key)
  return key
}
