import { presentationFaults } from '../domain/credential/data-model.ts'
import { compactToken } from '../domain/credential/enveloped.ts'
import type { Did } from '../domain/did/did.ts'
import { parseStrictJsonText, type Json } from '../domain/json/strict-json.ts'
import { readPresentationJws } from '../domain/jws.ts'
import { checkJwtTimes } from '../domain/jwt-times.ts'
import { MAX_CREDENTIALS_IN_PRESENTATION } from '../domain/limits.ts'
import { readPresentationClaims } from '../domain/presentation/presentation-claims.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import { codesOf, verdictOf } from '../domain/verification/check.ts'
import type { FindingCode } from '../domain/verification/findings.ts'
import type { Ports } from '../ports/index.ts'
import { verifySignature, type SignatureQuestion } from './verify-signature.ts'

export interface LinkedRefusal {
  /** `unavailable`: the key of the holder cannot be had now. */
  readonly reason: 'invalid' | 'unavailable'
  readonly codes: readonly FindingCode[]
}

/** It may live as long as its holder likes: it is published, and answers no challenge. */
const TIMES = { required: [], lifetime: undefined, age: undefined } as const

/**
 * The credentials in a presentation that `holder` publishes (W128 D3): `holder` presents them and signed
 * that with a key for authentication, now is within its times, and it is a sound presentation. Nonce and
 * audience prove that a holder is there at this moment; a published text cannot, and nothing is
 * concluded from it but who published it. Its credentials are not looked at.
 */
export async function readLinkedPresentation(
  needs: Pick<Ports, 'didResolver' | 'signatureVerifier'>,
  { text, mediaType }: { readonly text: string; readonly mediaType: string },
  holder: Did,
  { now, budget }: Pick<SignatureQuestion, 'now' | 'budget'>,
): Promise<Result<readonly Json[], LinkedRefusal>> {
  const token = tokenIn(text.trim(), mediaType)
  if (token === undefined) return invalid(['securing_not_supported'])
  const jws = readPresentationJws(token)
  if (!jws.ok) return invalid([jws.refusal.reason])
  const claims = readPresentationClaims(jws.value)
  if (claims.holder !== holder || claims.conflicts.length > 0) return invalid(['holder_mismatch'])
  const times = checkJwtTimes(jws.value.payload, TIMES, now)
  if (!times.ok) return invalid(times.refusal.map(({ reason }) => reason))
  if (presentationFaults(claims.presentation, claims.model).length > 0)
    return invalid(['data_model_invalid'])
  if (claims.credentials.length > MAX_CREDENTIALS_IN_PRESENTATION)
    return invalid(['too_many_credentials'])
  const signature = await verifySignature(needs, jws.value, {
    signer: holder,
    relationship: 'authentication',
    rule: 'R9',
    now,
    budget,
  })
  if (signature.verified) return ok(claims.credentials)
  const codes = codesOf(signature.checks)
  const away = verdictOf(signature.checks) === 'indeterminate'
  return refuse({ reason: away ? 'unavailable' : 'invalid', codes })
}

const invalid = (codes: readonly FindingCode[]) => refuse({ reason: 'invalid' as const, codes })

function tokenIn(text: string, mediaType: string): string | undefined {
  if (!text.startsWith('{') && !mediaType.endsWith('json'))
    return compactToken(text, 'EnvelopedVerifiablePresentation')
  const json = parseStrictJsonText(text)
  return json.ok ? compactToken(json.value, 'EnvelopedVerifiablePresentation') : undefined
}
