import { DurableObject } from 'cloudflare:workers'
import { encodeBase64url, utf8 } from '../src/domain/base64url.ts'

/** A table with one column: what it answers is durable, as all that leaves a Durable Object is. */
export class Tokens extends DurableObject {
  readonly #sql: SqlStorage

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env as never)
    this.#sql = state.storage.sql
    this.#sql.exec('CREATE TABLE IF NOT EXISTS token (text TEXT NOT NULL) STRICT')
  }

  insert(text: string): void {
    this.#sql.exec('INSERT INTO token (text) VALUES (?)', text)
  }
}

interface Bound {
  readonly TOKENS: DurableObjectNamespace<Tokens>
}

const HEADER = encodeBase64url(utf8('{"alg":"EdDSA"}'))
let key: CryptoKey | undefined

/**
 * The least that issuing can cost: the body is signed as it came, with Ed25519, and the token is one
 * durable insert. Nothing is looked at, named, or written down.
 */
export default {
  async fetch(request: Request, { TOKENS }: Bound): Promise<Response> {
    key ??= await newKey()
    const input = `${HEADER}.${encodeBase64url(new Uint8Array(await request.arrayBuffer()))}`
    const signature = await crypto.subtle.sign('Ed25519', key, utf8(input))
    const token = `${input}.${encodeBase64url(new Uint8Array(signature))}`
    await TOKENS.getByName('tokens').insert(token)
    return new Response(JSON.stringify({ token }), {
      status: 201,
      headers: { 'Content-Type': 'application/json' },
    })
  },
}

async function newKey(): Promise<CryptoKey> {
  const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])
  return 'privateKey' in pair ? pair.privateKey : pair
}
