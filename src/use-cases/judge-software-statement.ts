import { jwsFaults, readCompactJws, type UnverifiedJws } from '../domain/jws.ts'
import { shortMediaType } from '../domain/jws-header.ts'
import { isDid } from '../domain/did/did.ts'
import type { Json, JsonObject } from '../domain/json/strict-json.ts'
import {
  metadataInStatement,
  type RequestedMetadata,
} from '../domain/registration/requested-metadata.ts'
import {
  checkStatementClaims,
  ofStatement,
  STATEMENT,
  type StatementQuestion,
} from '../domain/registration/software-statement.ts'
import { isEpochSeconds, type EpochSeconds } from '../domain/time.ts'
import { activeAnchors } from '../domain/trust/policy.ts'
import { failed, notApplicable, passed, type Check } from '../domain/verification/check.ts'
import type { Ports } from '../ports/index.ts'
import type { VerificationContext } from './verify-credential.ts'
import { verifySignature } from './verify-signature.ts'

/** What is found about a software statement. */
export interface JudgedStatement {
  readonly checks: readonly Check[]
  /** What it asks for in the client's name; absent where it cannot be read. */
  readonly metadata: RequestedMetadata | undefined
  /** What makes it count once: its issuer's `jti`, to be spent last. */
  readonly once: { readonly value: string; readonly ends: EpochSeconds } | undefined
}

/**
 * Judges a software statement (RFC 7591 §2.3, row A16).
 *
 *   gate → issuer: an anchor of the policy, or the client itself → key, signature → claims → metadata
 *
 * Nobody else's document is asked for: a statement of a stranger is not approved, whoever signed it. A
 * `jwks` inside it verifies nothing. One of the client itself says by its `typ` what it is: with the same key
 * the client signs assertions, whose claims are the same (row J12).
 */
export async function judgeSoftwareStatement(
  needs: Pick<Ports, 'didResolver' | 'signatureVerifier'>,
  statement: Json,
  question: StatementQuestion,
  context: VerificationContext,
): Promise<JudgedStatement> {
  const jws = readCompactJws(statement, 'software-statement')
  if (!jws.ok) {
    const checks = jwsFaults(jws.refusal).map(({ reason, ...evidence }) =>
      failed(STATEMENT, reason, { evidence }),
    )
    return { checks, metadata: undefined, once: undefined }
  }
  const claims = jws.value.payload
  const { clientId } = question
  if (clientId !== undefined && issuerOf(claims) === clientId && !isTyped(jws.value))
    return { checks: [failed(STATEMENT, 'typ_mismatch')], metadata: undefined, once: undefined }
  const asked = metadataInStatement(claims)
  const { jti, exp } = claims
  return {
    checks: [
      passed(STATEMENT),
      ...(await signatureChecks(needs, jws.value, clientId, context)),
      ...checkStatementClaims(claims, question),
      asked.ok
        ? passed(`${STATEMENT}_metadata`)
        : failed(`${STATEMENT}_metadata`, 'client_metadata_invalid', {
            evidence: asked.refusal.map((fault) => ({ ...fault })),
          }),
    ],
    metadata: asked.ok ? asked.value : undefined,
    once:
      typeof jti === 'string' && isEpochSeconds(exp)
        ? { value: `${issuerOf(claims) ?? ''} ${jti}`, ends: exp }
        : undefined,
  }
}

const isTyped = ({ header: { typ } }: UnverifiedJws): boolean =>
  typeof typ === 'string' && shortMediaType(typ) === 'software-statement+jwt'

/** The client signs with what authenticates it; an anchor asserts. */
async function signatureChecks(
  needs: Pick<Ports, 'didResolver' | 'signatureVerifier'>,
  jws: UnverifiedJws,
  clientId: string | undefined,
  { policy, now, budget }: VerificationContext,
): Promise<readonly Check[]> {
  const check = `${STATEMENT}_issuer`
  const issuer = issuerOf(jws.payload)
  const isClient = issuer !== undefined && issuer === clientId
  const isAnchor =
    isDid(issuer) && activeAnchors(policy.policy, now).some(({ did }) => did === issuer)
  const unasked = [notApplicable(`${STATEMENT}_key`), notApplicable(`${STATEMENT}_signature`)]
  if (!isClient && !isAnchor)
    return [failed(check, 'statement_issuer_not_approved', { rule: 'R6' }), ...unasked]
  const approved = passed(check, { rule: 'R6', evidence: { by: isAnchor ? 'anchor' : 'client' } })
  // Who has not proved to be somebody yet causes no fetch.
  if (clientId === undefined) return [approved, ...unasked]
  const relationship = isClient ? 'authentication' : 'assertionMethod'
  const question = { signer: issuer, relationship, rule: 'R6', now, budget } as const
  const signature = await verifySignature(needs, jws, question)
  return [approved, ...signature.checks.map(ofStatement)]
}

const issuerOf = ({ iss }: JsonObject): string | undefined =>
  typeof iss === 'string' ? iss : undefined
