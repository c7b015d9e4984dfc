import { readObject, textIn } from './answers.ts'
import type { CallOptions } from './call-options.ts'
import { isJsonObject, type JsonObject } from './json.ts'
import type { SecuredCredential } from './presentation.ts'
import type { Transport } from './transport.ts'
import { TrustError } from './trust-error.ts'

/** What an issuer publishes of the accreditations that others gave to it. */
export interface PublishedAccreditations {
  /** Where everybody reads them, as a presentation by the issuer; its DID document leads there. */
  readonly linkedPresentation: string
  readonly accreditations: readonly {
    readonly id: string
    readonly issuer: string
    readonly validUntil?: string
  }[]
}

/** The accreditations of an issuer: who else vouches for it. */
export interface AccreditationsClient {
  /**
   * Publishes them in place of what was published before; an empty list takes them all away. With the
   * issuer's token.
   *
   * @example
   * const issuer = createTrustClient({ url, token: issuerToken }).issuer('registrar')
   * const published = await issuer.putAccreditations([accreditation])
   * published.accreditations.length // → 1
   * const presentation = await createTrustClient({ url }).issuer('registrar').linkedPresentation()
   * presentation.split('.').length // → 3
   * const none = await issuer.putAccreditations([])
   * none.accreditations // → []
   */
  putAccreditations(
    accreditations: readonly SecuredCredential[],
    options?: CallOptions,
  ): Promise<PublishedAccreditations>
  /** What is published, as a presentation by the issuer: a compact JWS (public). Throws `not_found` where nothing is. */
  linkedPresentation(options?: CallOptions): Promise<string>
}

export function accreditationsClient(transport: Transport, base: string): AccreditationsClient {
  const path = `${base}/linked-presentation`
  return {
    async putAccreditations(verifiableCredential, options) {
      const call = { method: 'PUT', path, body: { verifiableCredential }, ...options } as const
      const published = readObject((await transport.json(call)).body)
      textIn(published, 'linkedPresentation')
      if (!isPublished(published)) throw new TrustError('answer_unexpected')
      return published
    },
    async linkedPresentation(options) {
      const accept = 'application/vp+jwt'
      const token = await (
        await transport.stream({ method: 'GET', path, accept, ...options })
      ).text()
      if (token.split('.').length !== 3) throw new TrustError('answer_unexpected')
      return token
    },
  }
}

const isPublished = (body: JsonObject): body is PublishedAccreditations & JsonObject =>
  Array.isArray(body['accreditations']) && body['accreditations'].every(isJsonObject)
