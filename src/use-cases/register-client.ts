import { utf8 } from '../domain/base64url.ts'
import {
  asJsonObject,
  evidenceText,
  readEvidence,
  type Evidence,
} from '../domain/evidence/evidence.ts'
import type { Verifier } from '../domain/instance/instance.ts'
import type { Json, JsonObject } from '../domain/json/strict-json.ts'
import {
  DECISION_RETENTION_SECONDS,
  EVIDENCE_REPORT_BYTES,
  EXPIRY_SKEW_SECONDS,
  MAX_EVIDENCE_BYTES,
  MAX_KEPT_DECISIONS,
} from '../domain/limits.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import { acceptedHosts } from '../domain/registration/followed-client.ts'
import { wantedHolds, type RedirectHold } from '../domain/registration/redirect-holds.ts'
import { later, type EpochSeconds } from '../domain/time.ts'
import { StorageUnavailable, type Change } from '../ports/change.ts'
import type { SealedDecision } from '../ports/decisions.ts'
import type { Ports } from '../ports/index.ts'
import { isOwnChallenge, spendChallenge } from './challenge.ts'
import type { DecisionRefusal } from './decide-verification.ts'
import {
  judgeRegistration,
  nonceOf,
  signerOf,
  type HeldRedirects,
  type RegistrationQuestion,
  type RegistrationReport,
} from './judge-registration.ts'
import { isRegistrationReport } from './kept-report.ts'
import { recording, STATEMENT_JTI } from './recording.ts'
import { sealEvidence, sealingKey, type SealingRefusal } from './seal-evidence.ts'
import { verificationContext } from './verification-context.ts'
import type { SpendChallenge } from './verify-presentation.ts'

type Needs = Pick<
  Ports,
  | 'clock'
  | 'compression'
  | 'credentialSchemas'
  | 'didResolver'
  | 'digest'
  | 'events'
  | 'guardedFetch'
  | 'issuers'
  | 'publicUrl'
  | 'random'
  | 'signatureVerifier'
  | 'signer'
  | 'spentValues'
  | 'statusLists'
  | 'verifiers'
>

/** What a stranger sends to become a client. */
export interface RegistrationRequest {
  /** A presentation over a challenge of the verifier. */
  readonly presentation: Json
  readonly softwareStatement: Json | undefined
  readonly clientMetadata: Json | undefined
  /** Whom the fetches are counted against. */
  readonly caller: string
}

/** A registration that was decided; `kept` is there for one that was accepted. */
export interface DecidedRegistration {
  readonly report: RegistrationReport
  readonly policyVersion: number
  readonly kept: Pick<SealedDecision, 'id' | 'digest' | 'receipt'> | undefined
}

/**
 * Registers a client whose `client_id` is its DID (W128 R4–R10, R16–R19), under the policy of now.
 *
 *   key → decided before under this mark? → judge, listening, spending last → seal → store all at once
 *
 * Decision, evidence, client, feed and audit are one transaction: there is no client without a decision and
 * no decision without evidence. What was signed and not stored was told to nobody. A refusal stores
 * nothing and spends nothing, but for a challenge whose statement turned out to be used.
 * The same DID again is the same client, under the newer decision. A redirect host that it did not have
 * is held for the operator (row V16), also where it is refused for want of any other.
 */
export async function registerClient(
  needs: Needs,
  verifier: Verifier,
  request: RegistrationRequest,
  change: Change,
): Promise<Result<DecidedRegistration, DecisionRefusal>> {
  const context = await verificationContext(needs, verifier, request.caller)
  const key = sealingKey(needs, verifier, context.now)
  if (!key.ok) return key
  const before = await decidedUnder(needs, verifier, change)
  if (before !== undefined) return before

  const question = await questionOf(needs, verifier, request, context.now)
  const record = recording(needs, needs)
  const decisionId = needs.random.uuid()
  const { verificationMethod: kid, publicKeyJwk } = key.value
  const evidence = async (report: JsonObject): Promise<Evidence> => ({
    decisionId,
    kind: 'registration',
    verifier: { id: verifier.id, did: verifier.did },
    publicUrl: needs.publicUrl,
    at: context.now,
    policy: context.policy,
    question: asJsonObject(question),
    observations: await record.observations(context.statusLists),
    report,
    receiptKey: { kid, publicKeyJwk },
  })
  const room = { fits: true }
  const spendWithRoom: SpendChallenge = async (challenge, times) => {
    const bytes = utf8(evidenceText(await evidence({}))).length
    room.fits = bytes <= MAX_EVIDENCE_BYTES - EVIDENCE_REPORT_BYTES
    const spend: SpendChallenge = (value, at) => spendChallenge(needs, verifier, value, at)
    return room.fits && record.spends(spend)(challenge, times)
  }
  const { report, granted, held } = await judgeRegistration(
    { ...needs, ...record.world },
    {
      challenge: spendWithRoom,
      statement: record.spendsAs(STATEMENT_JTI, spendStatement(needs, verifier)),
    },
    question,
    context,
  )
  if (!room.fits) return refuse({ reason: 'evidence_too_large' })
  const { verdict, trust } = report
  if (granted === undefined) {
    // Another call under this key may have been quicker, and has spent the challenge.
    const meanwhile = await decidedUnder(needs, verifier, change)
    if (meanwhile !== undefined) return meanwhile
    if (held !== undefined) await holdForOperator(needs, verifier, held, change)
    tell(needs, verifier, report)
    return ok({ report, policyVersion: context.policy.version, kept: undefined })
  }
  const all = await evidence(asJsonObject(report))
  const decision = await sealEvidence(needs, key.value, all, {
    subject: granted.clientId,
    verdict,
    trust,
  })
  if (utf8(decision.evidence).length > MAX_EVIDENCE_BYTES)
    return refuse({ reason: 'evidence_too_large' })
  const client = {
    ...granted,
    status: 'active',
    reason: undefined,
    since: context.now,
    evaluatedAt: context.now,
    decisionId,
    registeredAt: context.now,
  } as const
  const retention = {
    atMost: MAX_KEPT_DECISIONS,
    since: later(context.now, -DECISION_RETENTION_SECONDS),
  }
  const stored = await needs.verifiers.register(
    verifier.id,
    {
      decision,
      client,
      holds: held === undefined ? [] : holdsOf(needs, held, decisionId, context.now),
    },
    retention,
    change,
  )
  if (stored === 'superseded') {
    const meanwhile = await decidedUnder(needs, verifier, change)
    if (meanwhile !== undefined) return meanwhile
    throw new StorageUnavailable('the client was registered otherwise meanwhile')
  }
  if (!stored.ok) return stored
  if (stored.value.replayed)
    return (await decidedUnder(needs, verifier, change)) ?? refuse({ reason: 'decision_gone' })
  tell(needs, verifier, report)
  return decisionIn(decision)
}

/**
 * What a registration would come to now. Stores nothing and spends nothing; a presentation without a
 * nonce will do.
 */
export async function dryRunRegistration(
  needs: Needs,
  verifier: Verifier,
  request: RegistrationRequest,
): Promise<Result<DecidedRegistration, SealingRefusal>> {
  const context = await verificationContext(needs, verifier, request.caller)
  const key = sealingKey(needs, verifier, context.now)
  if (!key.ok) return key
  const question = await questionOf(needs, verifier, request, context.now)
  const { report } = await judgeRegistration(needs, undefined, question, context)
  return ok({ report, policyVersion: context.policy.version, kept: undefined })
}

async function questionOf(
  needs: Pick<Needs, 'digest' | 'verifiers'>,
  verifier: Verifier,
  { presentation, softwareStatement, clientMetadata }: RegistrationRequest,
  now: EpochSeconds,
): Promise<RegistrationQuestion> {
  const nonce = nonceOf(presentation)
  const signer = signerOf(presentation)
  const known = signer && (await needs.verifiers.followedClient(verifier.id, signer))
  const ours = typeof nonce === 'string' && isOwnChallenge(needs, verifier, nonce, now)
  return {
    presentation,
    challenge: ours ? nonce : '',
    domain: verifier.audience,
    softwareStatement,
    clientMetadata,
    redirectHosts: known && acceptedHosts(known),
  }
}

const holdsOf = (
  { random }: Pick<Needs, 'random'>,
  { clientId, redirectUris, digest }: HeldRedirects,
  decisionId: string,
  seenAt: EpochSeconds,
): readonly RedirectHold[] =>
  wantedHolds(redirectUris, { clientId, decisionId, digest, seenAt }, () => random.uuid())

/** Nothing of the client changes: the operator is asked. */
async function holdForOperator(
  needs: Pick<Needs, 'random' | 'verifiers'>,
  { id }: Verifier,
  held: HeldRedirects,
  { actor, at }: Change,
): Promise<void> {
  const client = await needs.verifiers.client(id, held.clientId)
  if (client === undefined) return
  const holds = holdsOf(needs, held, client.decisionId, at)
  await needs.verifiers.openHolds(id, held.clientId, holds, { actor, at, mark: undefined })
}

/** A `jti` of an issuer counts once for this verifier. */
const spendStatement =
  ({ spentValues }: Pick<Needs, 'spentValues'>, { id }: Verifier): SpendChallenge =>
  (value, { presentationEnds }) =>
    spentValues.firstUse(
      `software-statement ${id}`,
      value,
      later(presentationEnds, EXPIRY_SKEW_SECONDS + 1),
    )

/** What was answered under this mark; `undefined`: nothing yet. */
async function decidedUnder(
  { verifiers }: Pick<Needs, 'verifiers'>,
  verifier: Verifier,
  change: Change,
): Promise<Result<DecidedRegistration, DecisionRefusal> | undefined> {
  const before = await verifiers.decisionUnder(verifier.id, change)
  if (before?.ok !== true) return before
  const kept = await verifiers.decision(verifier.id, before.value.value)
  return kept === undefined ? refuse({ reason: 'decision_gone' }) : decisionIn(kept)
}

/** The decision as its evidence tells it, the first time and every time: the same bytes. */
function decisionIn(kept: SealedDecision): Result<DecidedRegistration, DecisionRefusal> {
  const report = readEvidence(kept.evidence)?.report
  return report === undefined || !isRegistrationReport(report)
    ? refuse({ reason: 'decision_gone' })
    : ok({ report, policyVersion: kept.policyVersion, kept })
}

function tell(
  { events }: Pick<Needs, 'events'>,
  { id }: Verifier,
  { verdict, trust, checks }: RegistrationReport,
): void {
  const codes = checks.flatMap(({ code }) => (code === undefined ? [] : [code]))
  events.verified({ verifier: id, what: 'registration', verdict, trust, codes })
}
