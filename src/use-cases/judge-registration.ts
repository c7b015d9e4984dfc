import type { Did } from '../domain/did/did.ts'
import { asJsonObject } from '../domain/evidence/evidence.ts'
import type { JsonObject } from '../domain/json/strict-json.ts'
import { signedPresentation } from '../domain/presentation/signed-presentation.ts'
import type { ClientGrant } from '../domain/registration/client-grant.ts'
import { clientMetadata } from '../domain/registration/client-metadata.ts'
import { ofRegistration } from '../domain/registration/registration-rule.ts'
import type { RegistrationQuestion } from '../domain/registration/registration-question.ts'
import { joined, readMetadata, softwareIdOf } from '../domain/registration/requested-metadata.ts'
import type { EpochSeconds } from '../domain/time.ts'
import { failed, verdictOf, type Check } from '../domain/verification/check.ts'
import { embeddedFindings } from './accepted-entity.ts'
import { judgeClient, type HeldRedirects } from './judge-client.ts'
import { judgeSoftwareStatement, type JudgedStatement } from './judge-software-statement.ts'
import type { TrustStep } from './judge-trust.ts'
import { spendRegistration, unspentRegistration, type Spending } from './spend-registration.ts'
import type { VerificationContext, VerifyNeeds } from './verify-credential.ts'
import { verifyPresentation, type PresentationReport } from './verify-presentation.ts'

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
 *
 * @param spending `undefined`: nothing is spent, and nothing need be there to be spent.
 */
export async function judgeRegistration(
  needs: VerifyNeeds,
  spending: Spending | undefined,
  question: RegistrationQuestion,
  { knownOnly: _, ...rest }: VerificationContext,
): Promise<JudgedRegistration> {
  const context: VerificationContext = { ...rest, knownOnly: true }
  const { presentation, challenge, domain } = question
  const jws = signedPresentation(presentation)
  const presented = await verifyPresentation(
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
    { kid: jws?.kid, redirectHosts: question.redirectHosts },
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
      ? unspentRegistration(checks, jws?.payload['nonce'])
      : await spendRegistration(spending, checks, {
          challenge,
          statement,
          now: context.now,
          presentationEnds: jws?.payload['exp'],
        })
  const granted = verdictOf(settled) === 'valid' ? client.granted : undefined
  return {
    report: {
      ...presented,
      verdict: verdictOf(settled),
      checks: settled.map(ofRegistration),
      grant: granted && tellable(granted, client.trustChain),
    },
    granted,
    held: settled.every(isNothingButHeld) ? client.held : undefined,
  }
}

const isNothingButHeld = ({ outcome, code }: Check): boolean =>
  code === 'redirect_host_held' || (outcome !== 'fail' && outcome !== 'indeterminate')

const NO_STATEMENT: JudgedStatement = { checks: [], metadata: undefined, once: undefined }

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
