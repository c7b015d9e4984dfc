import { readObject, readPage, type Page, type Trust, type Verdict } from './answers.ts'
import { pageQuery, segment, type CallOptions, type PageRequest } from './call-options.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'
import type { Transport } from './transport.ts'
import { TrustError } from './trust-error.ts'

/** A decision that was kept, as listings show it. */
export interface DecisionSummary {
  readonly decisionId: string
  readonly kind: string
  readonly at: string
  /** Whom it was about; absent where that could not be read. */
  readonly subject?: string
  readonly verdict: Verdict
  readonly trust: Trust
  readonly policyVersion: number
  /** base64url SHA-256 of the canonical text of `evidence`. */
  readonly evidenceDigest: string
}

/** A decision with all that it rests on, and what seals it: see `verifyEvidence`. */
export interface Decision extends DecisionSummary {
  /** A JWS of the verifier over the digest of the evidence. */
  readonly receipt: string
  readonly evidence: JsonObject
}

/** What deciding again came to, from the evidence alone. */
export interface Replay {
  readonly decisionId: string
  /** `not_on_record`: this release asks for something that was not asked for then. */
  readonly outcome: 'same' | 'different' | 'not_on_record'
  readonly before: { readonly verdict: Verdict; readonly trust: Trust }
  readonly after?: { readonly verdict: Verdict; readonly trust: Trust }
  readonly differences: readonly JsonObject[]
  readonly missing: readonly JsonObject[]
  /** `recorded`: the key of the receipt is configured no more; hold it against a copy of `keys()` of then. */
  readonly receiptKey: 'configured' | 'recorded'
}

/** What a verifier decided with `keepEvidence`, with its token. */
export interface DecisionsClient {
  /** Decisions that were kept, the oldest first. */
  decisions(options?: CallOptions & PageRequest): Promise<Page<DecisionSummary>>
  /** One of them with its sealed evidence. Throws `evidence_broken` where what is stored was changed. */
  decision(decisionId: string, options?: CallOptions): Promise<Decision>
  /**
   * Decides again as of then, whatever was revoked or changed since.
   *
   * @example
   * const verifier = createTrustClient({ url, token: verifierToken }).verifier('seller')
   * const { decisionId } = await verifier.verifyCredential(credential, { keepEvidence: true })
   * const replay = await verifier.replayDecision(decisionId)
   * replay.outcome // → 'same'
   * const proof = await verifyEvidence(await verifier.decision(decisionId), {
   *   jwks: await verifier.keys(),
   *   issuer: verifierDid,
   * })
   * proof.valid // → true
   * await verifier.deleteDecision(decisionId)
   */
  replayDecision(decisionId: string, options?: CallOptions): Promise<Replay>
  /** Deletes one for good; its digest stays in the audit chain. Throws `decision_in_use` where a client rests on it. */
  deleteDecision(decisionId: string, options?: CallOptions): Promise<void>
}

export function decisionsClient(transport: Transport, base: string): DecisionsClient {
  const at = (decisionId: string) => `${base}/decisions/${segment(decisionId)}`
  return {
    async decisions({ cursor, limit, ...options } = {}) {
      const path = `${base}/decisions${pageQuery({ cursor, limit })}`
      return readPage((await transport.json({ method: 'GET', path, ...options })).body, readSummary)
    },
    async decision(decisionId, options) {
      const call = { method: 'GET', path: at(decisionId), ...options } as const
      return readDecisionRecord((await transport.json(call)).body)
    },
    async replayDecision(decisionId, options) {
      const call = { method: 'POST', path: `${at(decisionId)}/replay`, ...options } as const
      const replay = readObject((await transport.json(call)).body)
      if (!isReplay(replay)) throw new TrustError('answer_unexpected')
      return replay
    },
    async deleteDecision(decisionId, options) {
      await transport.stream({ method: 'DELETE', path: at(decisionId), ...options })
    },
  }
}

function readSummary(body: Json): DecisionSummary {
  const summary: JsonObject = readObject(body)
  if (!isSummary(summary)) throw new TrustError('answer_unexpected')
  return summary
}

function readDecisionRecord(body: Json): Decision {
  const decision: JsonObject = readObject(body)
  if (!isDecisionRecord(decision)) throw new TrustError('answer_unexpected')
  return decision
}

const isSummary = (body: JsonObject): body is DecisionSummary & JsonObject =>
  ['decisionId', 'kind', 'at', 'evidenceDigest'].every((name) => typeof body[name] === 'string') &&
  ['valid', 'invalid', 'indeterminate'].some((verdict) => verdict === body['verdict']) &&
  ['trusted', 'untrusted', 'not_evaluated'].some((trust) => trust === body['trust']) &&
  typeof body['policyVersion'] === 'number'

const isDecisionRecord = (body: JsonObject): body is Decision & JsonObject =>
  isSummary(body) && typeof body['receipt'] === 'string' && isJsonObject(body['evidence'])

const isReplay = (body: JsonObject): body is Replay & JsonObject =>
  ['same', 'different', 'not_on_record'].some((outcome) => outcome === body['outcome']) &&
  typeof body['decisionId'] === 'string' &&
  isJsonObject(body['before']) &&
  Array.isArray(body['differences']) &&
  Array.isArray(body['missing'])
