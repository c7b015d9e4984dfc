import {
  isRegistrationDecision,
  isReport,
  readClientState,
  readClientTokenReport,
  readCredentialReport,
  readDecision,
  readJwkSet,
  readObject,
  readPage,
  readPresentationReport,
  readRegisteredClient,
  textIn,
  type ClientState,
  type ClientTokenReport,
  type CredentialReport,
  type JwkSet,
  type Page,
  type PresentationReport,
  type RegisteredClient,
  type RegistrationDecision,
} from './answers.ts'
import { auditClient, type AuditClient } from './audit.ts'
import { clientHistoryClient, type ClientHistoryClient } from './client-history.ts'
import { decisionsClient, type DecisionsClient } from './decisions.ts'
import { exported } from './export.ts'
import { followClients, type ClientChanges, type FollowOptions } from './follow-clients.ts'
import { pageQuery, segment, type CallOptions, type PageRequest } from './call-options.ts'
import type { Json, JsonObject } from './json.ts'
import { platformNow, type EpochSeconds } from './platform.ts'
import type { SecuredCredential } from './presentation.ts'
import type { Answer, Transport } from './transport.ts'
import { TrustError } from './trust-error.ts'

export interface Challenge {
  /** Sign it as `nonce`; it counts once. */
  readonly challenge: string
  readonly expiresAt: string
}

export interface VerifyOptions extends CallOptions {
  /** Keeps sealed evidence of the decision: `decisionId`, `evidenceDigest` and `receipt` name it. */
  readonly keepEvidence?: boolean
}

export interface RequestObjectQuestion {
  readonly client_id: string
  /** The request object, a compact JWS. */
  readonly request: string
  /** Where it arrived; `par` where absent. */
  readonly endpoint?: 'par' | 'authorize'
  /** The other parameters of the request. */
  readonly parameters?: JsonObject
}

export interface ClientAssertionQuestion {
  readonly client_id?: string
  readonly client_assertion_type: string
  readonly client_assertion: string
}

export interface DpopProofQuestion {
  readonly dpop: string
  readonly htm: string
  readonly htu: string
  readonly access_token?: string
  readonly jkt?: string
  readonly nonce?: string
}

export interface RegistrationRequest {
  /** From `createPresentation`, over a challenge of this verifier. */
  readonly presentation: string
  readonly softwareStatement?: string
  /** RFC 7591 metadata that the client asks for. */
  readonly clientMetadata?: JsonObject
}

/** A software statement that a verifier has signed. */
export interface SoftwareStatement {
  /** A compact JWS: the member `software_statement` of a registration. */
  readonly statement: string
  readonly jti: string
  readonly expiresAt: string
}

/** The trust policy of a verifier, as it is written; what is absent gets the strict choice. */
export interface TrustPolicy {
  readonly anchors?: readonly {
    readonly did: string
    readonly types: readonly string[]
    readonly validFrom?: string
    readonly validUntil?: string
  }[]
  readonly maxChainDepth?: number
  readonly acceptSelfIssued?: boolean
  readonly requireStatus?: boolean
  readonly statusGraceSeconds?: number
  readonly delegation?: 'deny' | 'allow'
  readonly trustDomain?: string
  readonly issuerBinding?: 'strict' | 'relaxed'
}

/** A policy as it was put. */
export interface PolicyVersion extends TrustPolicy {
  readonly version: number
  readonly at: string
  readonly actor: string
}

/**
 * What one verifier answers. A report that says no is an answer, not an error: look at `verdict` and
 * `trust`, or at `outcome`. Errors are `TrustError`s.
 */
export interface VerifierClient extends AuditClient, ClientHistoryClient, DecisionsClient {
  /** A fresh challenge (public). Throws `clock_differs` where your clock could sign nothing that counts. */
  challenge(options?: CallOptions): Promise<Challenge>
  /** The keys that sign decisions, receipts and software statements (public). */
  keys(options?: CallOptions): Promise<JwkSet>
  /**
   * Verifies a credential.
   *
   * @example
   * const verifier = createTrustClient({ url, token: verifierToken }).verifier('seller')
   * const report = await verifier.verifyCredential(credential)
   * report.verdict // → 'valid'
   * report.trust // → 'trusted'
   */
  verifyCredential(
    credential: SecuredCredential,
    options?: VerifyOptions & { readonly chain?: readonly SecuredCredential[] },
  ): Promise<CredentialReport>
  /**
   * Verifies a presentation that was made for `challenge`; `domain` is this verifier's audience where absent.
   *
   * @example
   * const verifier = createTrustClient({ url, token: verifierToken }).verifier('seller')
   * const { challenge } = await verifier.challenge()
   * const presentation = await createPresentation({ signer, credentials: [credential], audience, challenge })
   * const report = await verifier.verifyPresentation(presentation, { challenge })
   * report.verified // → true
   * const again = await verifier.verifyPresentation(presentation, { challenge })
   * again.checks.find(({ code }) => code)?.code // → 'nonce_invalid'
   */
  verifyPresentation(
    presentation: string | JsonObject,
    options: VerifyOptions & { readonly challenge: string; readonly domain?: string },
  ): Promise<PresentationReport>
  /** Checks a request object of a registered client (RFC 9101, FAPI 2.0 Message Signing, W128). */
  verifyRequestObject(
    question: RequestObjectQuestion,
    options?: CallOptions,
  ): Promise<ClientTokenReport>
  /**
   * Checks a client assertion (RFC 7523, `private_key_jwt`). `error`, `error_description` and
   * `error_status` are what to answer to the client.
   *
   * @example
   * const verifier = createTrustClient({ url, token: verifierToken }).verifier('seller')
   * const report = await verifier.verifyClientAssertion({
   *   client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
   *   client_assertion: 'not.a.token',
   * })
   * report.verdict // → 'invalid'
   * report.error // → 'invalid_client'
   * report.error_status // → 401
   */
  verifyClientAssertion(
    question: ClientAssertionQuestion,
    options?: CallOptions,
  ): Promise<ClientTokenReport>
  /** Checks a DPoP proof (RFC 9449 §4.3). */
  verifyDpopProof(question: DpopProofQuestion, options?: CallOptions): Promise<ClientTokenReport>
  /**
   * Registers by presentation (public). A refusal is an answer: `outcome: 'refused'`, with its checks.
   *
   * @example
   * const front = createTrustClient({ url }).verifier('seller')
   * const { challenge } = await front.challenge()
   * const presentation = await createPresentation({ signer, credentials: [credential], audience, challenge })
   * const decision = await front.register({ presentation })
   * decision.outcome // → 'accepted'
   * decision.client.client_id === signer.did // → true
   */
  register(request: RegistrationRequest, options?: CallOptions): Promise<RegistrationDecision>
  /** What `register` would answer; nothing is registered, and no challenge is spent. */
  dryRunRegistration(
    request: RegistrationRequest,
    options?: CallOptions,
  ): Promise<RegistrationDecision>
  /** Registered clients, page by page. */
  clients(options?: CallOptions & PageRequest): Promise<Page<RegisteredClient>>
  client(clientId: string, options?: CallOptions): Promise<RegisteredClient>
  /** How a client stands now. `active` alone lets it in. */
  clientStatus(clientId: string, options?: CallOptions): Promise<ClientState>
  /** Follows how clients change; begin again with the last `cursor`, and none is missed. */
  followClients(options: FollowOptions): AsyncGenerator<ClientChanges, void, undefined>
  /**
   * Signs a software statement (RFC 7591 §2.3) about an active client, for an authorization server that
   * knows nothing of credentials. It lives for ten minutes.
   */
  mintSoftwareStatement(
    clientId: string,
    wanted: { readonly audience: string },
    options?: CallOptions,
  ): Promise<SoftwareStatement>
  /** Takes a software statement back, for good. */
  revokeSoftwareStatement(jti: string, options?: CallOptions): Promise<void>
  policy(options?: CallOptions): Promise<PolicyVersion>
  /** Puts a new version of the policy; it counts from the next verification on. */
  putPolicy(policy: TrustPolicy, options?: CallOptions): Promise<PolicyVersion>
  /** What a policy would have changed among the last decisions that were kept. Changes nothing. */
  dryRunPolicy(
    policy: TrustPolicy,
    options?: CallOptions & { readonly last?: number },
  ): Promise<JsonObject>
  /** Every version of the policy that ever counted, the oldest first. */
  policyVersions(options?: CallOptions & PageRequest): Promise<Page<PolicyVersion>>
  /** All that the verifier owns, as NDJSON, to be read as it comes. Holds no private key. */
  export(options?: CallOptions): Promise<ReadableStream<Uint8Array>>
}

/** Lifetime of a challenge, and how far clocks may differ, in seconds. */
const [CHALLENGE_SECONDS, SKEW_SECONDS] = [300, 60]

export function verifierClient(transport: Transport, id: string): VerifierClient {
  const base = `/verifiers/${segment(id)}`
  const get = async (path: string, options: CallOptions = {}): Promise<Json> =>
    (await transport.json({ method: 'GET', path: `${base}${path}`, ...options })).body
  const ask = async (path: string, body: object, options: CallOptions = {}): Promise<Answer> =>
    transport.json(
      { method: 'POST', path: `${base}${path}`, body: { ...body }, ...options },
      isReport,
    )
  const judged = async (path: string, question: object, options?: CallOptions) =>
    consistent(await ask(path, question, options), readClientTokenReport)
  const registration = async (
    path: string,
    request: RegistrationRequest,
    options?: CallOptions,
  ) => {
    const { presentation, softwareStatement: software_statement, clientMetadata } = request
    const body = { presentation, software_statement, client_metadata: clientMetadata }
    const call = { method: 'POST', path: `${base}${path}`, body, ...options } as const
    return readDecision((await transport.json(call, isRegistrationDecision)).body)
  }
  return {
    ...auditClient(transport, base),
    ...clientHistoryClient(transport, base),
    ...decisionsClient(transport, base),
    async challenge(options) {
      const path = `${base}/challenges`
      const { body } = await transport.json({ method: 'POST', path, ...options })
      const [challenge, expiresAt] = [textIn(body, 'challenge'), textIn(body, 'expiresAt')]
      assertClock(expiresAt, platformNow())
      return { challenge, expiresAt }
    },
    keys: async (options) => readJwkSet(await get('/jwks', options)),
    async verifyCredential(verifiableCredential, { keepEvidence, chain, ...options } = {}) {
      const body = { verifiableCredential, options: { keepEvidence, chain } }
      return consistent(await ask('/credentials/verify', body, options), readCredentialReport)
    },
    async verifyPresentation(verifiablePresentation, asked) {
      const { challenge, domain, keepEvidence, ...options } = asked
      const body = { verifiablePresentation, options: { challenge, domain, keepEvidence } }
      return consistent(await ask('/presentations/verify', body, options), readPresentationReport)
    },
    verifyRequestObject: (question, options) =>
      judged('/request-objects/verify', question, options),
    verifyClientAssertion: (question, options) =>
      judged('/client-assertions/verify', question, options),
    verifyDpopProof: (question, options) => judged('/dpop-proofs/verify', question, options),
    register: (request, options) => registration('/registrations', request, options),
    dryRunRegistration: (request, options) =>
      registration('/registrations/dry-run', request, options),
    clients: async ({ cursor, limit, ...options } = {}) =>
      readPage(await get(`/clients${pageQuery({ cursor, limit })}`, options), readRegisteredClient),
    client: async (clientId, options) =>
      readRegisteredClient(await get(`/clients/${segment(clientId)}`, options)),
    clientStatus: async (clientId, options) =>
      readClientState(await get(`/clients/${segment(clientId)}/status`, options)),
    followClients: (options) => followClients(transport, `${base}/clients/changes`, options),
    async mintSoftwareStatement(clientId, { audience }, options) {
      const path = `${base}/clients/${segment(clientId)}/software-statements`
      const call = { method: 'POST', path, body: { audience }, ...options } as const
      const { body } = await transport.json(call)
      return {
        statement: textIn(body, 'software_statement'),
        jti: textIn(body, 'jti'),
        expiresAt: textIn(body, 'expiresAt'),
      }
    },
    async revokeSoftwareStatement(jti, options) {
      const path = `${base}/software-statements/${segment(jti)}`
      await transport.stream({ method: 'DELETE', path, ...options })
    },
    policy: async (options) => readPolicy(await get('/policy', options)),
    async putPolicy(policy, options) {
      const call = {
        method: 'PUT',
        path: `${base}/policy`,
        body: { ...policy },
        ...options,
      } as const
      return readPolicy((await transport.json(call)).body)
    },
    async dryRunPolicy(policy, { last, ...options } = {}) {
      const { body } = await ask('/policy/dry-run', { policy, last }, options)
      return readObject(body)
    },
    policyVersions: async ({ cursor, limit, ...options } = {}) =>
      readPage(await get(`/policy/versions${pageQuery({ cursor, limit })}`, options), readPolicy),
    export: (options) => exported(transport, base, options),
  }
}

/** 200 is for what is valid, and for nothing else: an answer that contradicts itself is none. */
function consistent<Report extends { readonly verdict: string }>(
  { status, body }: Answer,
  read: (body: Json) => Report,
): Report {
  const report = read(body)
  if ((status === 200) !== (report.verdict === 'valid'))
    throw new TrustError('answer_unexpected', { status })
  return report
}

/** The end of a challenge tells the service's clock. */
function assertClock(expiresAt: string, now: EpochSeconds): void {
  const end = Date.parse(expiresAt) / 1000
  const ahead = now - (end - CHALLENGE_SECONDS)
  if (!(ahead > -SKEW_SECONDS && ahead < CHALLENGE_SECONDS))
    throw new TrustError('clock_differs', {
      detail: `Your clock says ${new Date(now * 1000).toISOString()}; a challenge made just now ends ${expiresAt}`,
    })
}

function readPolicy(body: Json): PolicyVersion {
  const policy: JsonObject = readObject(body)
  if (!isPolicy(policy)) throw new TrustError('answer_unexpected')
  return policy
}

const isPolicy = (policy: JsonObject): policy is PolicyVersion & JsonObject =>
  typeof policy['version'] === 'number' && Array.isArray(policy['anchors'])
