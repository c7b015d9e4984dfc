import type { Context } from 'hono'
import { envelopedCredential } from '../../domain/credential/enveloped.ts'
import { credentialUrl } from '../../domain/credential/draft.ts'
import type { Issuer } from '../../domain/instance/instance.ts'
import { dateTimeStamp } from '../../domain/time.ts'
import type { CredentialSummary } from '../../ports/issuer-store.ts'
import type { ChangeStatusRefusal } from '../../use-cases/change-credential-status.ts'
import type { IssueCredentialRefusal, IssuedCredential } from '../../use-cases/issue-credential.ts'
import type { PublishStatusListRefusal } from '../../use-cases/publish-status-list.ts'
import type { AppEnv } from '../app-env.ts'
import { problem, type More, type ProblemCode } from './problem.ts'

/** A secured credential as VCALM carries it: enveloped for `vc+jwt`, a text for a VCDM 1.1 JWT. */
export const securedCredential = ({ format, token }: Pick<IssuedCredential, 'format' | 'token'>) =>
  format === 'vc+jwt' ? envelopedCredential(token) : token

/** Media type of the token by itself. */
export const MEDIA_TYPE_OF = { 'vc+jwt': 'application/vc+jwt', jwt_vc: 'application/jwt' } as const

/** What everybody may see of a credential: enough to know what it is and how it stands (R7, R8). */
export const publicView = (publicUrl: string, issuer: Issuer, stored: CredentialSummary) => ({
  id: stored.credentialId,
  url: credentialUrl(publicUrl, issuer.id, stored.cid),
  type: stored.types,
  issuer: issuer.did,
  ...(stored.subject === undefined ? {} : { subject: stored.subject }),
  validFrom: dateTimeStamp(stored.validFrom),
  ...(stored.validUntil === undefined ? {} : { validUntil: dateTimeStamp(stored.validUntil) }),
  status: stored.status,
  format: stored.format,
  ...(stored.digest === undefined ? {} : { digest: `sha-256:${stored.digest}` }),
})

export function issueRefusal(c: Context<AppEnv>, refusal: IssueCredentialRefusal): Response {
  const { code, more } = issueProblem(refusal)
  return problem(c, code, more)
}

export function issueProblem(refusal: IssueCredentialRefusal): {
  readonly code: ProblemCode
  readonly more: More
} {
  const { reason: code } = refusal
  switch (code) {
    case 'credential_invalid':
      return { code, more: { errors: refusal.errors } }
    case 'id_taken':
      return { code, more: { detail: 'Leave id out, or choose one that is new' } }
    case 'signing_key_missing':
      return { code, more: UNSIGNED }
    case 'idempotency_key_reused':
    case 'instance_retired':
      return { code, more: {} }
  }
}

export function listRefusal(c: Context<AppEnv>, { reason }: PublishStatusListRefusal): Response {
  switch (reason) {
    case 'not_found':
      return problem(c, reason)
    case 'signing_key_missing':
      return problem(c, reason, UNSIGNED)
    case 'time_in_future':
      return problem(c, 'request_invalid', {
        errors: [{ pointer: '/time', detail: 'must not be in the future' }],
      })
  }
}

/** Only the operator can mend it, so that soon is not worth trying. */
export const UNSIGNED: More = { headers: { 'Retry-After': '60' } }

const OTHER_ENTRY = {
  pointer: '/credentialStatus',
  detail: 'names another entry than the credential has for this purpose: name its own, or none',
}

export function statusRefusal(c: Context<AppEnv>, refusal: ChangeStatusRefusal): Response {
  switch (refusal.reason) {
    case 'credential_not_found':
      return problem(c, 'not_found')
    case 'status_entry_mismatch':
      return problem(c, 'request_invalid', { errors: [OTHER_ENTRY] })
    case 'revocation_final':
    case 'status_purpose_not_issued':
    case 'idempotency_key_reused':
      return problem(c, refusal.reason)
  }
}
