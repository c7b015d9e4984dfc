import { readObject } from './answers.ts'
import type { CallOptions } from './call-options.ts'
import { isJsonObject, type JsonObject } from './json.ts'
import type { Transport } from './transport.ts'
import { TrustError } from './trust-error.ts'

/** How a key of an issuer stands. What comes next follows from the clock. */
export interface IssuerKey {
  /** Its name in `SIGNING_KEYS`. */
  readonly kid: string
  /** The DID URL in the `kid` of what it signs. */
  readonly verificationMethod: string
  /**
   * `published`: listed, and does not sign yet. `verifying`: replaced, and listed for what it signed. `retired` and
   * `compromised`: listed no more.
   */
  readonly state: 'published' | 'signing' | 'verifying' | 'retired' | 'compromised'
  readonly since: string
  /** When a `published` key begins to sign. */
  readonly signsFrom?: string
  /** When a `verifying` key retires; null: something that it signed has no end, and wants to be revoked. */
  readonly listedUntil?: string | null
  /** Whether it is in `SIGNING_KEYS`; a document lists no key that is not. */
  readonly configured: boolean
  /** What it signed and neither expired nor was revoked. */
  readonly liveCredentials: number
}

export interface IssuerKeys {
  readonly items: readonly IssuerKey[]
  /** The shortest overlap of a planned rotation: after so long no cache lacks the new key. */
  readonly leastOverlapSeconds: number
}

/**
 * `planned`: `kid` is listed at once, and signs once no cache lacks it; the old key stays listed for what it signed.
 * `compromise`: the key that `compromised` names counts no more, in the same second. `retire`: takes a key
 * out that nothing live needs, and calls a planned rotation off.
 */
export type KeyRotation =
  | { readonly mode: 'planned'; readonly kid: string; readonly overlapSeconds?: number }
  | { readonly mode: 'compromise'; readonly compromised: string; readonly kid?: string }
  | { readonly mode: 'retire'; readonly kid: string }

/** What a rotation came to. */
export interface RotatedKeys {
  readonly mode: KeyRotation['mode']
  readonly at: string
  /** The key that signs, and from when on. */
  readonly signing?: {
    readonly kid: string
    readonly verificationMethod: string
    readonly from: string
  }
  /** The key that left the document. Its live credentials no longer verify: issue them again. */
  readonly withdrawn?: {
    readonly kid: string
    readonly verificationMethod: string
    readonly liveCredentials: number
    /** The listing of all that it signed. */
    readonly credentials: string
  }
}

/** The keys of an issuer, with its token. No private key is told or taken. */
export interface IssuerKeysClient {
  /** All keys that it ever had, and how they stand. */
  keys(options?: CallOptions): Promise<IssuerKeys>
  /**
   * Changes the key that signs. One call is all: what is left follows from the clock, and `keys` tells it.
   *
   * @example
   * const issuer = createTrustClient({ url, token: issuerToken }).issuer('registrar')
   * const { signing } = await issuer.rotateKeys({ mode: 'planned', kid: 'dev-p384' })
   * signing.kid // → 'dev-p384'
   * const { items } = await issuer.keys()
   * items.find(({ state }) => state === 'published').kid // → 'dev-p384'
   * const { withdrawn } = await issuer.rotateKeys({ mode: 'retire', kid: 'dev-p384' })
   * withdrawn.liveCredentials // → 0
   */
  rotateKeys(rotation: KeyRotation, options?: CallOptions): Promise<RotatedKeys>
}

export function issuerKeysClient(transport: Transport, base: string): IssuerKeysClient {
  return {
    async keys(options) {
      const call = { method: 'GET', path: `${base}/keys`, ...options } as const
      const keys = readObject((await transport.json(call)).body)
      if (!isIssuerKeys(keys)) throw new TrustError('answer_unexpected')
      return keys
    },
    async rotateKeys(rotation, options) {
      const path = `${base}/keys/rotate`
      const call = { method: 'POST', path, body: { ...rotation }, ...options } as const
      const rotated = readObject((await transport.json(call)).body)
      if (!isRotatedKeys(rotated)) throw new TrustError('answer_unexpected')
      return rotated
    },
  }
}

const isIssuerKeys = (body: JsonObject): body is IssuerKeys & JsonObject =>
  typeof body['leastOverlapSeconds'] === 'number' &&
  Array.isArray(body['items']) &&
  body['items'].every(
    (key) =>
      isJsonObject(key) &&
      ['kid', 'verificationMethod', 'state', 'since'].every(
        (name) => typeof key[name] === 'string',
      ),
  )

const isRotatedKeys = (body: JsonObject): body is RotatedKeys & JsonObject =>
  ['planned', 'compromise', 'retire'].some((mode) => mode === body['mode']) &&
  typeof body['at'] === 'string' &&
  ['signing', 'withdrawn'].every((name) => body[name] === undefined || isJsonObject(body[name]))
