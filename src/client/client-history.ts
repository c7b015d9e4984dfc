import { readObject, readPage, type Page } from './answers.ts'
import { pageQuery, segment, type CallOptions, type PageRequest } from './call-options.ts'
import { isJsonObject, isTexts, type Json, type JsonObject } from './json.ts'
import type { Transport } from './transport.ts'
import { TrustError } from './trust-error.ts'

/** A redirect host that a client did not have when it was accepted: it waits for the operator (W128 R19). */
export interface RedirectHold {
  readonly id: string
  readonly client_id: string
  /** The decision by which the client is registered. */
  readonly decisionId: string
  readonly host: string
  /** The URIs of this host in the DID document. */
  readonly redirect_uris: readonly string[]
  /** Of the document in which it was first seen. */
  readonly digest: string
  /** `withdrawn`: the host left the document, or the client was registered anew. */
  readonly state: 'pending' | 'approved' | 'rejected' | 'withdrawn'
  readonly seenAt: string
  readonly decidedAt?: string
  readonly decidedBy?: string
}

/** A DID document of a client that was seen, and what was new in it. */
export interface SeenDocument {
  readonly digest: string
  readonly seenAt: string
  /** Against the document before; none for the first. `text` says it in a sentence. */
  readonly changes: readonly {
    readonly change: string
    readonly subject: string
    readonly text: string
  }[]
}

/** A registration of a client, and what it granted otherwise than the one before. */
export interface GrantedRegistration {
  readonly decisionId: string
  readonly at: string
  /** `member` is one of the client's metadata, or `legal_entity`, `trust_chain`, `valid_until`. */
  readonly changes: readonly {
    readonly member: string
    readonly before: Json
    readonly after: Json
  }[]
}

/** How a client became what it is. */
export interface ClientHistory {
  readonly client_id: string
  /** The newest 16 of its DID documents, oldest first. */
  readonly items: readonly SeenDocument[]
  /** Its latest registrations, oldest first. */
  readonly registrations: readonly GrantedRegistration[]
}

/** What became of registered clients since they were accepted, with the verifier's token. */
export interface ClientHistoryClient {
  /** The DID documents of a client that were seen, its registrations, and what changed from one to the next. */
  clientHistory(clientId: string, options?: CallOptions): Promise<ClientHistory>
  /**
   * Redirect hosts of a client that wait for a decision, or were decided about.
   *
   * @example
   * const verifier = createTrustClient({ url, token: verifierToken }).verifier('seller')
   * const { challenge } = await verifier.challenge()
   * const presentation = await createPresentation({ signer, credentials: [credential], audience, challenge })
   * await verifier.register({ presentation })
   * const { items } = await verifier.redirectHolds(signer.did)
   * const waiting = items.filter(({ state }) => state === 'pending')
   * for (const { id } of waiting) await verifier.approveRedirectHold(signer.did, id)
   * waiting.length // → 0
   * const history = await verifier.clientHistory(signer.did)
   * history.client_id === signer.did // → true
   */
  redirectHolds(clientId: string, options?: CallOptions & PageRequest): Promise<Page<RedirectHold>>
  /** Lets a client be redirected to a host that was held. Throws `hold_decided` where that was decided before. */
  approveRedirectHold(
    clientId: string,
    holdId: string,
    options?: CallOptions,
  ): Promise<RedirectHold>
  /** Keeps a held host out. */
  rejectRedirectHold(clientId: string, holdId: string, options?: CallOptions): Promise<RedirectHold>
}

export function clientHistoryClient(transport: Transport, base: string): ClientHistoryClient {
  const at = (clientId: string) => `${base}/clients/${segment(clientId)}`
  const decided = async (path: string, options?: CallOptions) =>
    readHold((await transport.json({ method: 'POST', path, ...options })).body)
  return {
    async clientHistory(clientId, options) {
      const call = { method: 'GET', path: `${at(clientId)}/history`, ...options } as const
      return readHistory((await transport.json(call)).body)
    },
    async redirectHolds(clientId, { cursor, limit, ...options } = {}) {
      const path = `${at(clientId)}/holds${pageQuery({ cursor, limit })}`
      return readPage((await transport.json({ method: 'GET', path, ...options })).body, readHold)
    },
    approveRedirectHold: (clientId, holdId, options) =>
      decided(`${at(clientId)}/holds/${segment(holdId)}/approve`, options),
    rejectRedirectHold: (clientId, holdId, options) =>
      decided(`${at(clientId)}/holds/${segment(holdId)}/reject`, options),
  }
}

function readHold(body: Json): RedirectHold {
  const hold: JsonObject = readObject(body)
  if (!isHold(hold)) throw new TrustError('answer_unexpected')
  return hold
}

const isHold = (body: JsonObject): body is RedirectHold & JsonObject =>
  ['id', 'client_id', 'decisionId', 'host', 'digest', 'seenAt'].every(
    (name) => typeof body[name] === 'string',
  ) &&
  ['pending', 'approved', 'rejected', 'withdrawn'].some((state) => state === body['state']) &&
  isTexts(body['redirect_uris'])

function readHistory(body: Json): ClientHistory {
  const history: JsonObject = readObject(body)
  // A service that is older than this client tells no registrations.
  const { registrations = [] } = history
  const all = { ...history, registrations }
  if (!isHistory(all)) throw new TrustError('answer_unexpected')
  return all
}

const isHistory = (body: JsonObject): body is ClientHistory & JsonObject =>
  typeof body['client_id'] === 'string' &&
  isListOf(body['items'], ['digest', 'seenAt'], 'text') &&
  isListOf(body['registrations'], ['decisionId', 'at'], 'member')

/** Objects with texts of these names, and with changes that say `said`. */
const isListOf = (value: Json | undefined, names: readonly string[], said: string): boolean =>
  Array.isArray(value) &&
  value.every(
    (one) =>
      isJsonObject(one) &&
      names.every((name) => typeof one[name] === 'string') &&
      Array.isArray(one['changes']) &&
      one['changes'].every((change) => isJsonObject(change) && typeof change[said] === 'string'),
  )
