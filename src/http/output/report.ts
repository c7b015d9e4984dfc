import type { Check } from '../../domain/verification/check.ts'
import { RULE_PROFILE } from '../../domain/verification/check.ts'
import type { FindingCode } from '../../domain/verification/findings.ts'
import type { CredentialReport } from '../../use-cases/verify-credential.ts'
import type { PresentationReport } from '../../use-cases/verify-presentation.ts'

/** The classes of problem that VCDM 2.0 §7.3 and Bitstring Status List 1.0 §3.4 name. */
const VCDM = 'https://www.w3.org/TR/vc-data-model#'
const STATUS_LIST = 'https://www.w3.org/ns/credentials/status-list#'

const TYPE_OF_CHECK: Readonly<Record<string, string>> = {
  token: `${VCDM}PARSING_ERROR`,
  key: `${VCDM}CRYPTOGRAPHIC_SECURITY_ERROR`,
  signature: `${VCDM}CRYPTOGRAPHIC_SECURITY_ERROR`,
  data_model: `${VCDM}MALFORMED_VALUE_ERROR`,
  schema: `${VCDM}MALFORMED_VALUE_ERROR`,
  validity_period: `${VCDM}RANGE_ERROR`,
  status: `${STATUS_LIST}STATUS_VERIFICATION_ERROR`,
}

/** Where Bitstring Status List 1.0 §3.4 has a class of its own for what is wrong with a list. */
const TYPE_OF_STATUS: Readonly<Partial<Record<FindingCode, string>>> = {
  status_list_unavailable: `${STATUS_LIST}STATUS_RETRIEVAL_ERROR`,
  status_list_not_fetched: `${STATUS_LIST}STATUS_RETRIEVAL_ERROR`,
  status_list_too_large: `${STATUS_LIST}STATUS_LIST_LENGTH_ERROR`,
  status_list_too_short: `${STATUS_LIST}STATUS_LIST_LENGTH_ERROR`,
}

/** A finding as VCALM lists it (RFC 9457 members). */
function problemDetail({ check, code, hint, evidence }: Check, publicUrl: string) {
  return {
    type:
      (check === 'status' && code !== undefined ? TYPE_OF_STATUS[code] : undefined) ??
      TYPE_OF_CHECK[check] ??
      `${publicUrl}/docs#finding-${code ?? check}`,
    title: code satisfies FindingCode | undefined,
    detail: hint,
    ...(evidence === undefined ? {} : { evidence }),
  }
}

interface Axes {
  readonly issuerBinding: CredentialReport['issuerBinding']
  readonly verdict: CredentialReport['verdict']
  readonly trust: CredentialReport['trust']
  readonly availability: CredentialReport['availability']
  readonly checks: readonly Check[]
}

/** Trust does not change whether something verifies, so its finding is no problem of it. */
const axes = (
  { verdict, trust, availability, checks, issuerBinding }: Axes,
  publicUrl: string,
) => ({
  verified: verdict === 'valid',
  verdict,
  trust,
  availability,
  profile: RULE_PROFILE,
  // What relaxed lets pass must never be taken for more than it is. JSON leaves out what is undefined.
  issuerBinding: issuerBinding === 'relaxed' ? issuerBinding : undefined,
  checks,
  problemDetails: checks.filter(isProblem).map((check) => problemDetail(check, publicUrl)),
})

const isProblem = ({ check, outcome }: Check): boolean =>
  check !== 'trust' && (outcome === 'fail' || outcome === 'indeterminate')

/** The answer of `credentials/verify`. */
export const credentialReport = (
  report: CredentialReport,
  policyVersion: number,
  publicUrl: string,
) => ({
  ...axes(report, publicUrl),
  policyVersion,
  trustChain: report.trustChain,
  credential: report.credential,
})

/** The answer of `presentations/verify`: its own findings, and a report for each credential in it. */
export const presentationReport = (
  report: PresentationReport,
  policyVersion: number,
  publicUrl: string,
) => ({
  ...axes(report, publicUrl),
  policyVersion,
  presentation: { holder: report.holder ?? null },
  credentials: report.credentials.map((credential) => ({
    ...axes(credential, publicUrl),
    trustChain: credential.trustChain,
    credential: credential.credential,
  })),
})
