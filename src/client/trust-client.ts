import { adminClient, type AdminClient } from './admin.ts'
import { readClientView, readJwkSet, readObject, type ClientView, type JwkSet } from './answers.ts'
import { segment, type CallOptions } from './call-options.ts'
import {
  issuerClient,
  readCredentialSummary,
  type CredentialSummary,
  type IssuerClient,
} from './issuer.ts'
import { isJsonObject, type JsonObject } from './json.ts'
import { createTransport, type ServiceOptions } from './transport.ts'
import { TrustError } from './trust-error.ts'
import { verifierClient, type VerifierClient } from './verifier.ts'

/** One service, asked as whoever the token belongs to. */
export interface TrustClient {
  /**
   * The DID document of a DID (DID Resolution). Throws with the reason where there is none.
   *
   * @example
   * const document = await createTrustClient({ url }).resolve(issuerDid)
   * document.id === issuerDid // → true
   * const reason = await createTrustClient({ url }).resolve('did:example:1').catch(({ reason }) => reason)
   * reason // → 'did_method_not_supported'
   */
  resolve(did: string, options?: CallOptions): Promise<JsonObject>
  /**
   * A DID as an OAuth client: its keys, its redirect URIs, and why there is none (W128 R19).
   *
   * @example
   * const client = await createTrustClient({ url }).client(issuerDid)
   * client.client_id === issuerDid // → true
   * client.token_endpoint_auth_method // → 'private_key_jwt'
   */
  client(clientId: string, options?: CallOptions): Promise<ClientView>
  /** The keys that authenticate a client; the URL of this call serves as its `jwks_uri`. */
  clientKeys(clientId: string, options?: CallOptions): Promise<JwkSet>
  /** How a credential of this service stands, from its URL. */
  credential(url: string, options?: CallOptions): Promise<CredentialSummary>
  verifier(id: string): VerifierClient
  issuer(id: string): IssuerClient
  readonly admin: AdminClient
}

/**
 * A client of one deployment. Needs nothing but `fetch` and WebCrypto. Throws `url_invalid` and
 * `url_not_secure`; every other failure is one of a call.
 *
 * @example
 * const trust = createTrustClient({ url, token: verifierToken })
 * const policy = await trust.verifier('seller').policy()
 * policy.anchors.length // → 1
 */
export function createTrustClient(options: ServiceOptions): TrustClient {
  const transport = createTransport(options)
  const get = async (path: string, more: CallOptions = {}) =>
    (await transport.json({ method: 'GET', path, ...more })).body
  return {
    async resolve(did, more) {
      const path = `/1.0/identifiers/${segment(did)}`
      const accept = 'application/did-resolution'
      const { body } = await transport.json({ method: 'GET', path, accept, ...more })
      const document = readObject(body)['didDocument']
      if (!isJsonObject(document) || document['id'] !== did)
        throw new TrustError('answer_unexpected')
      return document
    },
    client: async (clientId, more) =>
      readClientView(await get(`/clients/${segment(clientId)}`, more)),
    clientKeys: async (clientId, more) =>
      readJwkSet(await get(`/clients/${segment(clientId)}/jwks`, more)),
    async credential(url, more) {
      const here = URL.canParse(url) ? new URL(url) : undefined
      if (here === undefined || here.origin !== new URL(options.url).origin)
        throw new TrustError('url_invalid', { detail: 'The credential is not of this service' })
      // The issuer's own token would be answered with the credential instead.
      const { token: _, ...asAnybody } = options
      const open = createTransport(asAnybody)
      const { body } = await open.json({ method: 'GET', path: here.pathname, ...more })
      return readCredentialSummary(body)
    },
    verifier: (id) => verifierClient(transport, id),
    issuer: (id) => issuerClient(transport, id),
    admin: adminClient(transport),
  }
}
