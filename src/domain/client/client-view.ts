import type { DidDocument, VerificationMethod } from '../did/did-document.ts'
import { methodOf, type Did } from '../did/did.ts'
import { endpointTexts } from '../did/service-endpoints.ts'
import { isHttpsUrl } from '../did/web-url.ts'
import { verificationMethodFor } from '../did/verification-method.ts'
import { algorithmOf, type PublicJwk, type SignatureAlgorithm } from '../jwk.ts'
import type { JsonObject } from '../json/strict-json.ts'
import type { EpochSeconds } from '../time.ts'

/** A key that authenticates the client. */
export interface ClientKey {
  /** Absolute DID URL of the verification method. */
  readonly kid: string
  readonly alg: SignatureAlgorithm
  readonly jwk: PublicJwk
}

/**
 * A key as a JWK Set shows it (RFC 7517 §4): public members, the one normal form of `kid`, and the `alg` that
 * it is pinned to. An Ed25519 key names none: its curve pins it, and whoever reads `alg` letter by letter
 * would refuse what is signed under the other of its two names (RFC 9864, ADR 0018).
 */
export const clientJwk = ({ kid, alg, jwk }: ClientKey): JsonObject => ({
  ...jwk,
  kid,
  ...(alg === 'EdDSA' ? {} : { alg }),
  use: 'sig',
})

/**
 * What `token_endpoint_auth_signing_alg` says of a client that asked for none: the algorithm of all its
 * keys. Absent where they have several, or the one has two names.
 */
export function commonAlg(keys: readonly ClientKey[]): SignatureAlgorithm | undefined {
  const [alg, ...others] = new Set(keys.map((key) => key.alg))
  return others.length > 0 || alg === 'EdDSA' ? undefined : alg
}

/** A service that the client may be redirected to. */
export interface ClientService {
  readonly id: string
  readonly types: readonly string[]
  /** Exactly as the document writes them. */
  readonly redirectUris: readonly string[]
}

/** Whether the client can be redirected (rules R17–R19), and if not, what its document lacks. */
export type Redirection =
  'possible' | 'method_has_no_services' | 'no_services' | 'no_https_endpoint'

/** What an OAuth authorization server needs to know of a client whose `client_id` is a DID. */
export interface ClientView {
  readonly clientId: Did
  readonly keys: readonly ClientKey[]
  readonly redirectUris: readonly string[]
  readonly services: readonly ClientService[]
  readonly redirection: Redirection
  /** When the first of `keys` ends; the view holds until then. `undefined`: none does. */
  readonly holdsUntil: EpochSeconds | undefined
}

/** Methods whose documents are made from the DID alone and so never have services. */
const METHODS_WITHOUT_SERVICES: ReadonlySet<string> = new Set(['key', 'jwk'])

/**
 * Reads a DID document as the registration of an OAuth client (W128 R3, R16–R19). Keys: those that
 * may authenticate the DID at `now` and can sign in this service. Redirect URIs: every https service
 * endpoint, exact strings, for exact comparison (row V16). Says nothing about who the client is.
 */
export function clientView(document: DidDocument, now: EpochSeconds): ClientView {
  const ids = [...new Set(document.relationships.authentication)]
  const methods = ids.flatMap((kid) => {
    const method = verificationMethodFor(document, 'authentication', kid, now)
    return method.ok ? [method.value] : []
  })
  const services = document.services.map((service) => ({
    id: service.id,
    types: service.types,
    redirectUris: endpointTexts(service).filter(isRedirectUri),
  }))
  const redirectUris = [...new Set(services.flatMap(({ redirectUris: uris }) => uris))]
  return {
    clientId: document.id,
    keys: methods.flatMap(({ id, publicKeyJwk }) => clientKey(id, publicKeyJwk)),
    redirectUris,
    services: services.filter(({ redirectUris: uris }) => uris.length > 0),
    redirection: redirectionOf(document, redirectUris),
    holdsUntil: firstEnd(methods),
  }
}

function clientKey(kid: string, jwk: PublicJwk): readonly ClientKey[] {
  const alg = algorithmOf(jwk)
  return alg === undefined ? [] : [{ kid, alg, jwk }]
}

/**
 * An https URL that may be registered as `redirect_uri`: no fragment (RFC 6749 §3.1.2), and no `*`,
 * which some authorization servers read as a wildcard where W128 R19 asks for an exact match.
 */
const isRedirectUri = (text: string): boolean => isHttpsUrl(text) && !/[#*]/.test(text)

function redirectionOf(document: DidDocument, redirectUris: readonly string[]): Redirection {
  if (redirectUris.length > 0) return 'possible'
  if (METHODS_WITHOUT_SERVICES.has(methodOf(document.id))) return 'method_has_no_services'
  return document.services.length === 0 ? 'no_services' : 'no_https_endpoint'
}

function firstEnd(methods: readonly VerificationMethod[]): EpochSeconds | undefined {
  const ends = methods.flatMap(({ expires, revoked }) =>
    [expires, revoked].filter((end) => end !== undefined),
  )
  return ends.sort((a, b) => a - b)[0]
}
