import { clientView, type ClientView } from '../domain/client/client-view.ts'
import { compactToken } from '../domain/credential/enveloped.ts'
import { isDid, type Did } from '../domain/did/did.ts'
import { asJsonObject } from '../domain/evidence/evidence.ts'
import type { Json, JsonObject } from '../domain/json/strict-json.ts'
import { textsIn } from '../domain/json/values.ts'
import { readPresentationJws } from '../domain/jws.ts'
import type { ClientGrant } from '../domain/registration/client-grant.ts'
import { clientMetadata } from '../domain/registration/client-metadata.ts'
import { grantClient } from '../domain/registration/grant-client.ts'
import {
  joined,
  readMetadata,
  softwareIdOf,
  type RequestedMetadata,
} from '../domain/registration/requested-metadata.ts'
import { STATEMENT } from '../domain/registration/software-statement.ts'
import { isEpochSeconds, type EpochSeconds } from '../domain/time.ts'
import {
  failed,
  notApplicable,
  passed,
  verdictOf,
  type Check,
} from '../domain/verification/check.ts'
import { FINDINGS } from '../domain/verification/findings.ts'
import type { ResolvedDid } from '../ports/did-resolver.ts'
import type { VerificationPorts } from '../ports/verification-ports.ts'
import { acceptedEntity, embeddedFindings } from './accepted-entity.ts'
import { judgeSoftwareStatement, type JudgedStatement } from './judge-software-statement.ts'
import type { TrustStep } from './judge-trust.ts'
import type { VerificationContext, VerifyNeeds } from './verify-credential.ts'
import {
  judgePresentation,
  type PresentationReport,
  type SpendChallenge,
} from './verify-presentation.ts'

type Needs = VerifyNeeds & Pick<VerificationPorts, 'didResolver'>

/** What a client sends to be registered, and what is expected of it. */
export interface RegistrationQuestion {
  readonly presentation: Json
  /** The presentation's nonce where it is a challenge that may count; `''` for every other. */
  readonly challenge: string
  /** The verifier's audience. */
  readonly domain: string
  readonly softwareStatement: Json | undefined
  readonly clientMetadata: Json | undefined
  /** Redirect hosts that count for a client that is known already; `undefined`: it is new. */
  readonly redirectHosts: readonly string[] | undefined
}

/** Redirect URIs that a known client asks for on hosts that were not accepted. */
export interface HeldRedirects {
  readonly clientId: Did
  readonly redirectUris: readonly string[]
  /** Of the document that has them. */
  readonly digest: string
}

/** What an accepted client is, in the words of the answer. */
export interface TellableGrant {
  readonly clientId: Did
  /** RFC 7591 metadata. */
  readonly client: JsonObject
  readonly legalEntity: JsonObject
  readonly trustChain: readonly TrustStep[]
  readonly validUntil: EpochSeconds
}

/** A presentation's report, with the findings of its credentials and of the registration among its checks. */
export interface RegistrationReport extends PresentationReport {
  /** Absent for a client that is refused. */
  readonly grant: TellableGrant | undefined
}

/** What counts once; `undefined`: nothing is spent, and nothing need be there to be spent. */
export interface Spending {
  readonly challenge: SpendChallenge
  readonly statement: SpendChallenge
}

export interface JudgedRegistration {
  readonly report: RegistrationReport
  readonly granted: ClientGrant | undefined
  /** Absent where anything else than these is in the way of the client. */
  readonly held: HeldRedirects | undefined
}

/**
 * May this DID be a client of the verifier (W128 R4–R10, R16–R19)?
 *
 *   presentation: header → holder → signature → times, audience, nonce → credentials, known issuers only →
 *   software statement → metadata, redirect URIs, scopes → spend the challenge → spend the statement's jti
 *
 * Unlike the verification of a presentation, trust decides here. All that is wrong is told, and what
 * counts once is spent last and only by a registration that is good otherwise.
 */
export async function judgeRegistration(
  needs: Needs,
  spending: Spending | undefined,
  question: RegistrationQuestion,
  { knownOnly: _, ...rest }: VerificationContext,
): Promise<JudgedRegistration> {
  const context: VerificationContext = { ...rest, knownOnly: true }
  const { presentation, challenge, domain } = question
  const presented = await judgePresentation(
    needs,
    async () => true,
    presentation,
    { challenge, domain, ...(spending === undefined ? { dryRun: true } : {}) },
    context,
  )
  const { holder } = presented
  const outer = readMetadata(question.clientMetadata)
  const statement =
    question.softwareStatement === undefined
      ? NO_STATEMENT
      : await judgeSoftwareStatement(
          needs,
          question.softwareStatement,
          {
            clientId: holder,
            audience: domain,
            softwareId: softwareIdOf(question.clientMetadata),
            now: context.now,
          },
          context,
        )
  const client = await judgeClient(
    needs,
    presented,
    joined(outer.ok ? outer.value : {}, statement.metadata),
    context,
    { kid: kidOf(presentation), redirectHosts: question.redirectHosts },
  )
  const asked = outer.ok
    ? client.checks
    : [
        failed('client_metadata', 'client_metadata_invalid', {
          rule: 'R16',
          evidence: outer.refusal.map((fault) => ({ ...fault })),
        }),
        ...client.checks.filter(({ check }) => check !== 'client_metadata'),
      ]
  const checks = [
    ...presented.checks,
    ...embeddedFindings(presented),
    ...statement.checks,
    ...asked,
  ]
  const settled =
    spending === undefined
      ? unspent(checks, nonceOf(presentation))
      : await settle(checks, spending, {
          challenge,
          statement,
          now: context.now,
          presentationEnds: endOf(presentation),
        })
  const granted = verdictOf(settled) === 'valid' ? client.granted : undefined
  return {
    report: {
      ...presented,
      verdict: verdictOf(settled),
      checks: settled,
      grant: granted && tellable(granted, client.trustChain),
    },
    granted,
    held: settled.every(isNothingButHeld) ? client.held : undefined,
  }
}

const isNothingButHeld = ({ outcome, code }: Check): boolean =>
  code === 'redirect_host_held' || (outcome !== 'fail' && outcome !== 'indeterminate')

/** The question as evidence holds it; `undefined` for one that this release would not put. */
export function readRegistrationQuestion(written: JsonObject): RegistrationQuestion | undefined {
  const { presentation, challenge, domain, softwareStatement } = written
  const { clientMetadata: metadata, redirectHosts: hosts } = written
  return presentation === undefined || typeof challenge !== 'string' || typeof domain !== 'string'
    ? undefined
    : {
        presentation,
        challenge,
        domain,
        softwareStatement,
        clientMetadata: metadata,
        redirectHosts: hosts === undefined ? undefined : textsIn(hosts),
      }
}

const NO_STATEMENT: JudgedStatement = { checks: [], metadata: undefined, once: undefined }

/** The client's document once more, which is read already, and what its credentials give it. */
async function judgeClient(
  needs: Needs,
  presented: PresentationReport,
  asked: RequestedMetadata,
  context: VerificationContext,
  known: { readonly kid: string | undefined } & Pick<RegistrationQuestion, 'redirectHosts'>,
): Promise<{
  readonly checks: readonly Check[]
  readonly granted: ClientGrant | undefined
  readonly held: HeldRedirects | undefined
  readonly trustChain: readonly TrustStep[]
}> {
  const { holder } = presented
  const entity = acceptedEntity(presented, context)
  // Where no credential was looked at, something before it failed.
  const own =
    entity !== undefined
      ? passed('legal_entity', { rule: 'R4' })
      : presented.credentials.length > 0
        ? failed('legal_entity', 'legal_entity_missing', { rule: 'R4' })
        : notApplicable('legal_entity', { rule: 'R4' })
  const resolved = isDid(holder) ? await documentOf(needs, holder, context, known.kid) : undefined
  if (resolved === undefined)
    return { checks: [own], granted: undefined, held: undefined, trustChain: [] }
  const view = clientView(resolved.document, context.now)
  const { checks, grant, held } = grantClient(
    view,
    entity ?? NOBODY(context.now, view),
    asked,
    known.redirectHosts,
  )
  // Of whom nobody knows what he may do, nobody says that it is too much.
  const told = entity === undefined ? checks.filter(({ check }) => check !== 'scope') : checks
  const granted = entity === undefined ? undefined : grant
  return {
    checks: [own, ...told],
    granted,
    held:
      held.length === 0
        ? undefined
        : { clientId: view.clientId, redirectUris: held, digest: resolved.digest },
    trustChain: entity?.trustChain ?? [],
  }
}

const NOBODY = (now: EpochSeconds, { clientId }: ClientView) => ({
  legalEntity: { legalName: '', country: undefined, credentialId: undefined, issuer: clientId },
  roles: [],
  interfaces: [],
  delegated: [],
  validUntil: now,
})

/** A document that lacks the key which has just been verified is an older one than that was found in. */
async function documentOf(
  { didResolver }: Pick<Needs, 'didResolver'>,
  holder: Did,
  { budget }: VerificationContext,
  kid: string | undefined,
): Promise<ResolvedDid | undefined> {
  const cached = await didResolver.resolve(holder, { budget })
  const isOld =
    cached.ok && kid !== undefined && !cached.value.document.verificationMethods.has(kid)
  const resolved = isOld ? await didResolver.resolve(holder, { budget, fresh: true }) : cached
  return resolved.ok ? resolved.value : undefined
}

const jwsOf = (presentation: Json) => {
  const token = compactToken(presentation, 'EnvelopedVerifiablePresentation')
  const jws = token === undefined ? undefined : readPresentationJws(token)
  return jws?.ok === true ? jws.value : undefined
}

const kidOf = (presentation: Json): string | undefined => jwsOf(presentation)?.kid

/** The DID whose key a presentation names, before anything of it is verified. */
export function signerOf(presentation: Json): Did | undefined {
  const [did = ''] = kidOf(presentation)?.split('#') ?? []
  return isDid(did) ? did : undefined
}

/** The `nonce` that a presentation was signed with, before anything of it is verified. */
export const nonceOf = (presentation: Json): Json | undefined =>
  jwsOf(presentation)?.payload['nonce']

const endOf = (presentation: Json): Json | undefined => jwsOf(presentation)?.payload['exp']

const replay = `${STATEMENT}_replay`
const NONCE = notApplicable('nonce', { rule: 'R9' })

/** Where nothing is spent a nonce that was not asked for yet is no fault; it is told that one is needed. */
function unspent(checks: readonly Check[], nonce: Json | undefined): readonly Check[] {
  const needed = { ...NONCE, code: 'nonce_missing', hint: FINDINGS.nonce_missing } as const
  return checks.map((one) => {
    if (one.check !== 'nonce') return one
    if (nonce === undefined) return needed
    return one.outcome === 'pass' ? NONCE : one
  })
}

/** Spends what counts once when all else is well: the challenge, then the statement's `jti`. */
async function settle(
  checks: readonly Check[],
  spending: Spending,
  {
    challenge,
    statement: { once },
    now,
    presentationEnds,
  }: {
    readonly challenge: string
    readonly statement: JudgedStatement
    readonly now: EpochSeconds
    readonly presentationEnds: Json | undefined
  },
): Promise<readonly Check[]> {
  const withNonce = (nonce: Check): readonly Check[] =>
    checks.map((one) => (one.check === 'nonce' && one.outcome === 'pass' ? nonce : one))
  if (verdictOf(checks) !== 'valid' || !isEpochSeconds(presentationEnds)) return withNonce(NONCE)
  if (!(await spending.challenge(challenge, { now, presentationEnds })))
    return withNonce(failed('nonce', 'nonce_invalid', { rule: 'R9' }))
  if (once === undefined) return checks
  const spent = await spending.statement(once.value, { now, presentationEnds: once.ends })
  return [...checks, spent ? passed(replay) : failed(replay, 'token_replayed')]
}

const tellable = (grant: ClientGrant, trustChain: readonly TrustStep[]): TellableGrant => ({
  clientId: grant.clientId,
  client: clientMetadata(grant),
  legalEntity: asJsonObject({
    ...grant.legalEntity,
    roles: grant.roles,
    interfaces: grant.interfaces,
  }),
  trustChain,
  validUntil: grant.validUntil,
})
