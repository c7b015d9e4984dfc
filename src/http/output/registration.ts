import { dateTimeStamp } from '../../domain/time.ts'
import { RULE_PROFILE, type Check } from '../../domain/verification/check.ts'
import type { FindingCode } from '../../domain/verification/findings.ts'
import type { Decision } from '../../use-cases/decision-on-record.ts'
import type { RegistrationReport } from '../../use-cases/judge-registration.ts'
import { presentationReport } from './report.ts'

/** RFC 7591 §3.2.2. */
type RegistrationError =
  | 'invalid_client_metadata'
  | 'invalid_redirect_uri'
  | 'invalid_software_statement'
  | 'unapproved_software_statement'

/** What a registration came to: the same report for a client that is accepted and one that is not. */
export function registrationView(
  { report, policyVersion, kept }: Decision<RegistrationReport>,
  publicUrl: string,
) {
  const { grant, verdict, trust, availability, checks } = report
  const { presentation, credentials } = presentationReport(report, policyVersion, publicUrl)
  const accepted = verdict === 'valid' && grant !== undefined
  return {
    ...(kept === undefined ? {} : { decisionId: kept.id }),
    outcome: accepted ? 'accepted' : 'refused',
    ...(accepted
      ? {
          client: grant.client,
          legalEntity: grant.legalEntity,
          trustChain: grant.trustChain,
          validUntil: dateTimeStamp(grant.validUntil),
        }
      : errorOf(checks)),
    ...(kept === undefined ? {} : { evidenceDigest: kept.digest, decision_jwt: kept.receipt }),
    verdict,
    trust,
    availability,
    profile: RULE_PROFILE,
    policyVersion,
    checks,
    presentation,
    credentials,
  }
}

/** What only sums up, or follows from, findings that are told too. */
const CONSEQUENCES: readonly string[] = ['credential', 'holder_binding']

/** The first failed check decides that has no deeper reason, else the first that could not be answered. */
function errorOf(checks: readonly Check[]): {
  readonly error: RegistrationError
  readonly error_description: string
} {
  const decisive =
    checks.find(({ check, outcome }) => outcome === 'fail' && !CONSEQUENCES.includes(check)) ??
    checks.find(({ outcome }) => outcome === 'fail') ??
    checks.find(({ outcome }) => outcome === 'indeterminate')
  return {
    error: decisive === undefined ? 'invalid_client_metadata' : registrationError(decisive),
    error_description: decisive?.hint ?? decisive?.check ?? '',
  }
}

/**
 * The presentation is a statement about the client as the software statement is: what is wrong with
 * either is `invalid_software_statement`; `unapproved_software_statement` is for what is well made, and
 * said by somebody, or about somebody, whom the policy does not accept or who does not count now.
 */
function registrationError({ check, code, outcome }: Check): RegistrationError {
  switch (check) {
    case 'redirect_uris':
      return 'invalid_redirect_uri'
    case 'client_metadata':
    case 'scope':
      return 'invalid_client_metadata'
    default:
      return outcome === 'indeterminate' || isUnapproved(check, code)
        ? 'unapproved_software_statement'
        : 'invalid_software_statement'
  }
}

const UNAPPROVED_CODES: ReadonlySet<FindingCode | undefined> = new Set([
  'issuer_untrusted',
  'legal_entity_missing',
  'revoked',
  'suspended',
  'statement_issuer_not_approved',
] as const)

const isUnapproved = (check: string, code: FindingCode | undefined): boolean =>
  check === 'trust' || UNAPPROVED_CODES.has(code)
