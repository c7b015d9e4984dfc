import type { Check } from '../../domain/verification/check.ts'
import { RULE_PROFILE } from '../../domain/verification/check.ts'
import type { ClientTokenReport } from '../../use-cases/client-token.ts'

/** What kind of token was judged, and where the authorization server received it. */
export type JudgedToken =
  | 'client_assertion'
  | 'pushed_request'
  | 'authorization_request'
  | 'proof_at_server'
  | 'proof_at_resource'

/** What the authorization server should answer to its client. */
interface OAuthError {
  readonly error: string
  readonly error_status: 400 | 401 | 503
}

/** The answer of the three checks: 200 where the verdict is `valid`, 400 otherwise. */
export const clientTokenReport = (report: ClientTokenReport, token: JudgedToken) => ({
  verdict: report.verdict,
  client_id: report.clientId ?? null,
  claims: report.claims ?? null,
  profile: RULE_PROFILE,
  checks: report.checks,
  ...oauthError(report.checks, token),
})

/** The first failed check decides, else the first that could not be answered; nothing where all is well. */
function oauthError(
  checks: readonly Check[],
  token: JudgedToken,
): (OAuthError & { readonly error_description: string }) | undefined {
  const decisive =
    checks.find(({ outcome }) => outcome === 'fail') ??
    checks.find(({ outcome }) => outcome === 'indeterminate')
  if (decisive === undefined) return undefined
  return { ...errorOf(decisive, token), error_description: decisive.hint ?? decisive.check }
}

function errorOf(decisive: Check, token: JudgedToken): OAuthError {
  if (decisive.outcome === 'indeterminate')
    return { error: 'temporarily_unavailable', error_status: 503 }
  switch (token) {
    case 'client_assertion':
      return { error: 'invalid_client', error_status: 401 }
    case 'pushed_request':
    case 'authorization_request':
      return requestError(decisive, token)
    case 'proof_at_server':
      return { error: proofError(decisive), error_status: 400 }
    case 'proof_at_resource':
      // A key that the token is not bound to is a fault of the token there (RFC 9449 §7.1).
      return {
        error: decisive.code === 'jkt_mismatch' ? 'invalid_token' : proofError(decisive),
        error_status: 401,
      }
  }
}

const proofError = ({ code }: Check): string =>
  code === 'dpop_nonce_mismatch' ? 'use_dpop_nonce' : 'invalid_dpop_proof'

/** RFC 6749 §4.1.2.1 and §5.2, RFC 9101 §7, RFC 9126 §2.3. */
function requestError(
  { check, code }: Check,
  token: 'pushed_request' | 'authorization_request',
): OAuthError {
  if (check === 'client')
    return token === 'pushed_request'
      ? { error: 'invalid_client', error_status: 401 }
      : { error: 'unauthorized_client', error_status: 400 }
  switch (code) {
    case 'response_type_not_allowed':
      return { error: 'unsupported_response_type', error_status: 400 }
    case 'scope_invalid':
    case 'scope_not_registered':
      return { error: 'invalid_scope', error_status: 400 }
    case 'redirect_uri_not_registered':
    case 'code_challenge_invalid':
    case 'state_invalid':
    case 'request_nonce_invalid':
    case 'intent_missing':
    case 'acr_not_allowed':
    case 'parameter_not_allowed':
    case 'pushed_request_required':
      return { error: 'invalid_request', error_status: 400 }
    default:
      return { error: 'invalid_request_object', error_status: 400 }
  }
}
