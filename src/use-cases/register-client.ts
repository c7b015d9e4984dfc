import type { Did } from '../domain/did/did.ts'
import { asJsonObject } from '../domain/evidence/evidence.ts'
import type { Verifier } from '../domain/instance/instance.ts'
import type { Json } from '../domain/json/strict-json.ts'
import type { UnverifiedJws } from '../domain/jws.ts'
import { EXPIRY_SKEW_SECONDS } from '../domain/limits.ts'
import { signedPresentation, signerOf } from '../domain/presentation/signed-presentation.ts'
import { acceptedHosts } from '../domain/registration/followed-client.ts'
import { wantedHolds, type RedirectHold } from '../domain/registration/redirect-holds.ts'
import type { RegistrationQuestion } from '../domain/registration/registration-question.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import { later, type EpochSeconds } from '../domain/time.ts'
import { StorageUnavailable, type Change, type IdempotencyMark } from '../ports/change.ts'
import { isOwnChallenge, spendChallenge } from './challenge.ts'
import {
  decidedUnder,
  decisionIn,
  decisionOnRecord,
  tellDecision,
  type Decision,
  type DecisionNeeds,
  type DecisionRefusal,
} from './decision-on-record.ts'
import type { HeldRedirects } from './judge-client.ts'
import { judgeRegistration, type RegistrationReport } from './judge-registration.ts'
import { firstUseUnder } from './first-use-under.ts'
import { isRegistrationReport } from './kept-report.ts'
import { notedEntries } from './own-evidence.ts'
import { recording, STATEMENT_JTI } from './recording.ts'
import { retentionAt, sealingKey, type SealingRefusal } from './seal-evidence.ts'
import { verificationContext } from './verification-context.ts'
import type { SpendChallenge } from './verify-presentation.ts'

/** What a stranger sends to become a client. */
export interface RegistrationRequest {
  /** A presentation over a challenge of the verifier. */
  readonly presentation: Json
  readonly softwareStatement: Json | undefined
  readonly clientMetadata: Json | undefined
  /** Whom the fetches are counted against. */
  readonly caller: string
}

/**
 * Registers a client whose `client_id` is its DID (W128 R4–R10, R16–R19), under the policy of now.
 *
 *   key → decided before under this mark? → judge, listening, spending last → seal → store all at once
 *
 * Decision, evidence, client, feed and audit are one transaction: there is no client without a decision and
 * no decision without evidence. What was signed and not stored was told to nobody. A refusal stores
 * nothing and spends nothing, but for a challenge whose statement turned out to be used. What breaks off
 * between spending and storing is mended by the same request under the same mark (row H16).
 * The same DID again is the same client, under the newer decision. A redirect host that it did not have
 * is held for the operator (row V16), also where it is refused for want of any other.
 */
export async function registerClient(
  needs: DecisionNeeds,
  verifier: Verifier,
  request: RegistrationRequest,
  sent: Change,
): Promise<Result<Decision<RegistrationReport>, DecisionRefusal>> {
  const jws = signedPresentation(request.presentation)
  const change = ofSigner(sent, signerOf(jws))
  const { mark } = change
  const context = await verificationContext(needs, verifier, request.caller)
  const key = sealingKey(needs, verifier, context.now)
  if (!key.ok) return key
  const decided = () => decidedUnder(needs, verifier, change, isRegistrationReport)
  const before = await decided()
  if (before !== undefined) return before

  const question = await questionOf(needs, verifier, request, jws, context.now)
  const own = notedEntries(needs.issuers)
  const record = recording(needs, { ...needs, issuers: own.issuers })
  const decision = decisionOnRecord(needs, verifier, key.value, context, record, {
    kind: 'registration',
    question: asJsonObject(question),
  })
  const { report, granted, held } = await judgeRegistration(
    { ...needs, ...record.world },
    {
      challenge: decision.spends((value, at) => spendChallenge(needs, verifier, value, at, mark)),
      statement: record.spendsAs(STATEMENT_JTI, spendStatement(needs, verifier, mark)),
    },
    question,
    context,
  )
  if (!decision.hasRoom()) return refuse({ reason: 'evidence_too_large' })
  if (granted === undefined) {
    // Another call under this key may have been quicker.
    const meanwhile = await decided()
    if (meanwhile !== undefined) return meanwhile
    if (held !== undefined) await holdForOperator(needs, verifier, held, change)
    tellDecision(needs, verifier, 'registration', report)
    return ok({ report, policyVersion: context.policy.version, kept: undefined })
  }
  const sealed = await decision.seal(report, granted.clientId)
  if (!sealed.ok) return sealed
  const client = {
    ...granted,
    status: 'active',
    reason: undefined,
    since: context.now,
    evaluatedAt: context.now,
    decisionId: decision.id,
    registeredAt: context.now,
  } as const
  const stored = await needs.verifiers.register(
    verifier.id,
    {
      decision: sealed.value,
      client,
      holds: held === undefined ? [] : holdsOf(needs, held, decision.id, context.now),
      entries: own.entries(),
    },
    retentionAt(context.now),
    change,
  )
  if (stored === 'superseded') {
    const meanwhile = await decided()
    if (meanwhile !== undefined) return meanwhile
    throw new StorageUnavailable('the client was registered otherwise meanwhile')
  }
  if (!stored.ok) return stored
  if (stored.value.replayed) return (await decided()) ?? refuse({ reason: 'decision_gone' })
  tellDecision(needs, verifier, 'registration', report)
  return decisionIn(sealed.value, isRegistrationReport)
}

/**
 * What a registration would come to now. Stores nothing and spends nothing; a presentation without a
 * nonce will do.
 */
export async function dryRunRegistration(
  needs: DecisionNeeds,
  verifier: Verifier,
  request: RegistrationRequest,
): Promise<Result<Decision<RegistrationReport>, SealingRefusal>> {
  const context = await verificationContext(needs, verifier, request.caller)
  const key = sealingKey(needs, verifier, context.now)
  if (!key.ok) return key
  const jws = signedPresentation(request.presentation)
  const question = await questionOf(needs, verifier, request, jws, context.now)
  const { report } = await judgeRegistration(needs, undefined, question, context)
  return ok({ report, policyVersion: context.policy.version, kept: undefined })
}

/** A stranger's keys are those of the DID that signs: without its signature nothing is stored under them (row H13). */
function ofSigner({ mark, ...change }: Change, signer: Did | undefined): Change {
  return mark === undefined || signer === undefined
    ? { ...change, mark: undefined }
    : { ...change, mark: { ...mark, key: `${mark.key}\n${signer}` } }
}

async function questionOf(
  needs: Pick<DecisionNeeds, 'digest' | 'verifiers'>,
  verifier: Verifier,
  { presentation, softwareStatement, clientMetadata }: RegistrationRequest,
  jws: UnverifiedJws | undefined,
  now: EpochSeconds,
): Promise<RegistrationQuestion> {
  const nonce = jws?.payload['nonce']
  const signer = signerOf(jws)
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
  { random }: Pick<DecisionNeeds, 'random'>,
  { clientId, redirectUris, digest }: HeldRedirects,
  decisionId: string,
  seenAt: EpochSeconds,
): readonly RedirectHold[] =>
  wantedHolds(redirectUris, { clientId, decisionId, digest, seenAt }, () => random.uuid())

/** Nothing of the client changes: the operator is asked. */
async function holdForOperator(
  needs: Pick<DecisionNeeds, 'random' | 'verifiers'>,
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
  (
    { spentValues }: Pick<DecisionNeeds, 'spentValues'>,
    { id }: Verifier,
    mark: IdempotencyMark | undefined,
  ): SpendChallenge =>
  (value, { presentationEnds }) =>
    firstUseUnder(
      spentValues,
      mark,
      `software-statement ${id}`,
      value,
      later(presentationEnds, EXPIRY_SKEW_SECONDS + 1),
    )
