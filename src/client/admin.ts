import { readObject, textIn } from './answers.ts'
import { segment, type CallOptions } from './call-options.ts'
import type { Json, JsonObject } from './json.ts'
import type { Streamed, Transport } from './transport.ts'
import type { TrustPolicy } from './verifier.ts'

export interface NewIssuer {
  readonly id: string
  readonly name: string
  /** Each the `kid` of a key in `SIGNING_KEYS`; the first one signs. */
  readonly keys: readonly string[]
  readonly did?: string
  readonly securing?: string
}

export interface NewVerifier {
  readonly id: string
  readonly name: string
  /** What presentations, assertions and request objects must name as `aud`. */
  readonly audience: string
  readonly policy?: TrustPolicy
  /** They sign decisions and receipts; without any, none can be kept. */
  readonly keys?: readonly string[]
  readonly did?: string
}

/** A new instance. The token is told this once. */
export interface CreatedInstance {
  readonly id: string
  readonly did: string
  readonly token: string
}

/** What the operator does, with the admin token. */
export interface AdminClient {
  createIssuer(issuer: NewIssuer, options?: CallOptions): Promise<CreatedInstance>
  createVerifier(verifier: NewVerifier, options?: CallOptions): Promise<CreatedInstance>
  /** A new token for an instance; the old one ends. */
  replaceToken(
    kind: 'issuer' | 'verifier',
    id: string,
    options?: CallOptions,
  ): Promise<{ readonly token: string }>
  /** Takes in what `issuer(id).export()` wrote elsewhere. */
  importIssuer(archive: Streamed, options?: CallOptions): Promise<CreatedInstance & JsonObject>
  /** Takes in what `verifier(id).export()` wrote elsewhere. */
  importVerifier(archive: Streamed, options?: CallOptions): Promise<CreatedInstance & JsonObject>
}

export function adminClient(transport: Transport): AdminClient {
  const create = async (path: string, body: object, options?: CallOptions) => {
    const call = { method: 'POST', path, body: { ...body }, ...options } as const
    return created((await transport.json(call)).body)
  }
  const takenIn = async (path: string, content: Streamed, options?: CallOptions) => {
    // Who may not import is refused before the file is read, and whoever is still sending cannot hear that.
    await transport.json({ method: 'GET', path: '/admin/keys', ...options })
    const raw = { content, mediaType: 'application/x-ndjson' }
    const { body } = await transport.json({ method: 'POST', path, raw, ...options })
    return { ...readObject(body), ...created(body) }
  }
  return {
    createIssuer: (issuer, options) => create('/admin/issuers', issuer, options),
    createVerifier: (verifier, options) => create('/admin/verifiers', verifier, options),
    async replaceToken(kind, id, options) {
      const path = `/admin/${kind}s/${segment(id)}/token`
      const { body } = await transport.json({ method: 'POST', path, ...options })
      return { token: textIn(body, 'token') }
    },
    importIssuer: (archive, options) => takenIn('/admin/issuers/import', archive, options),
    importVerifier: (archive, options) => takenIn('/admin/verifiers/import', archive, options),
  }
}

const created = (body: Json): CreatedInstance => ({
  id: textIn(body, 'id'),
  did: textIn(body, 'did'),
  token: textIn(body, 'token'),
})
