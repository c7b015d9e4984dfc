import { DurableObject } from 'cloudflare:workers'
import { decodeBase64url, utf8 } from '../src/domain/base64url.ts'

/** Values that count once: what it answers is durable, as all that leaves a Durable Object is. */
export class Marks extends DurableObject {
  readonly #sql: SqlStorage

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env as never)
    this.#sql = state.storage.sql
    this.#sql.exec('CREATE TABLE IF NOT EXISTS mark (value TEXT PRIMARY KEY) STRICT, WITHOUT ROWID')
  }

  firstUse(value: string): boolean {
    const insert = 'INSERT INTO mark (value) VALUES (?) ON CONFLICT DO NOTHING RETURNING 1'
    return this.#sql.exec(insert, value).toArray().length === 1
  }
}

interface Bound {
  readonly MARKS: DurableObjectNamespace<Marks>
}

/** As many objects as the service spreads its values over. */
const SHARDS = 16

const keys = new Map<string, CryptoKey>()

/**
 * The least that a token of a client can cost: one Ed25519 verification of the token in the body by
 * the key that the path names, and behind `/mark/` one durable insert of its signature's text.
 * Nothing of it is read.
 */
export default {
  async fetch(request: Request, { MARKS }: Bound): Promise<Response> {
    const [kind = '', x = ''] = new URL(request.url).pathname.slice(1).split('/')
    const token = await request.text()
    const end = token.lastIndexOf('.')
    const text = token.slice(end + 1)
    const key = keys.get(x) ?? (await imported(x))
    const signature = decodeBase64url(text) ?? new Uint8Array()
    const good = await crypto.subtle.verify('Ed25519', key, signature, utf8(token.slice(0, end)))
    const shard = `shard-${String((signature[0] ?? 0) % SHARDS)}`
    const first = kind !== 'mark' || (await MARKS.getByName(shard).firstUse(text))
    return new Response(JSON.stringify({ verdict: good && first ? 'valid' : 'invalid' }), {
      status: good && first ? 200 : 400,
      headers: { 'Content-Type': 'application/json' },
    })
  },
}

async function imported(x: string): Promise<CryptoKey> {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x }
  const key = await crypto.subtle.importKey('jwk', jwk, { name: 'Ed25519' }, false, ['verify'])
  keys.set(x, key)
  return key
}
