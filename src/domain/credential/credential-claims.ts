import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import { distinctTexts, idOf, onlyId } from '../json/values.ts'
import type { UnverifiedJws } from '../jws.ts'
import { dateTimeStamp, isEpochSeconds, parseDateTimeStamp, type EpochSeconds } from '../time.ts'
import { failed, type Check } from '../verification/check.ts'
import type { DataModel } from './data-model.ts'

/** What a credential token says, put together from its claims. Nothing of it is verified yet. */
export interface CredentialClaims {
  readonly model: DataModel
  /** The credential in the form of its data model. */
  readonly credential: JsonObject
  readonly issuer: string | undefined
  readonly id: string | undefined
  readonly types: readonly string[]
  /** The `id` of the only subject. */
  readonly subject: string | undefined
  readonly validFrom: EpochSeconds | undefined
  readonly validUntil: EpochSeconds | undefined
  /** `status` of the token (Token Status List §6): another mechanism beside `credentialStatus`. */
  readonly tokenStatus: readonly Json[]
  /** `iat` of the token, where it is a moment. */
  readonly issuedAt: EpochSeconds | undefined
  /** Contradictions between the claims and the credential (rows V1, V2, V8). */
  readonly conflicts: readonly Check[]
}

/** Reads a JWS that passed the gate as `credential-vcdm2` or `credential-vcdm1`. */
export function readCredentialClaims(jws: UnverifiedJws): CredentialClaims {
  return jws.purpose === 'credential-vcdm2' ? vcdm2(jws) : vcdm1(jws)
}

/**
 * VC-JOSE-COSE §3.1.1, §3.1.3: the payload is the credential, and claims that stand for its members may
 * only repeat them. `iat` and `exp` are times of the signature: limits of their own; `nbf` is one too
 * where no `validFrom` stands beside it.
 */
function vcdm2(jws: UnverifiedJws): CredentialClaims {
  const { validFrom, validUntil } = jws.payload
  return claims('2.0', jws, jws.payload, { validFrom, validUntil })
}

/**
 * VCDM 1.1 §6.3.1: `iss`, `sub`, `jti`, `nbf` and `exp` stand for members of `vc`, which may repeat
 * them. The credential is put together from both, and where both speak they must agree.
 */
function vcdm1(jws: UnverifiedJws): CredentialClaims {
  const { payload } = jws
  const vc = isJsonObject(payload['vc']) ? payload['vc'] : {}
  const { iss, sub, jti, nbf, exp } = payload
  const subject = vc['credentialSubject']
  const credential: Record<string, Json> = { ...vc }
  if (vc['id'] === undefined && jti !== undefined) credential['id'] = jti
  if (vc['issuer'] === undefined && iss !== undefined) credential['issuer'] = iss
  if (isJsonObject(subject) && subject['id'] === undefined && sub !== undefined)
    credential['credentialSubject'] = { id: sub, ...subject }
  if (vc['issuanceDate'] === undefined && isEpochSeconds(nbf))
    credential['issuanceDate'] = dateTimeStamp(nbf)
  if (vc['expirationDate'] === undefined && isEpochSeconds(exp))
    credential['expirationDate'] = dateTimeStamp(exp)
  const { issuanceDate, expirationDate, validFrom, validUntil } = credential
  return claims('1.1', jws, credential, {
    validFrom: issuanceDate ?? validFrom,
    validUntil: expirationDate ?? validUntil,
  })
}

function claims(
  model: DataModel,
  { header, payload }: UnverifiedJws,
  credential: JsonObject,
  dates: { readonly validFrom: Json | undefined; readonly validUntil: Json | undefined },
): CredentialClaims {
  const issuer = idOf(credential['issuer'])
  const subject = onlyId(credential['credentialSubject'])
  const validFrom = instant(dates.validFrom)
  const validUntil = instant(dates.validUntil)
  const { iss, sub, jti, nbf, exp } = payload
  // Beside the `vc` of VCDM 1.1 they mean nothing, and other readers believe them. In 2.0 they are the
  // credential. What the header repeats of the claims is the same there (RFC 7519 §5.3).
  const outside: JsonObject = model === '1.1' ? payload : {}
  const conflicts: Check[] = []
  if (differs(issuer, iss, header['iss'], idOf(outside['issuer'])))
    conflicts.push(failed('issuer', 'issuer_mismatch', { rule: 'R4' }))
  if (differs(subject, sub, header['sub'], onlyId(outside['credentialSubject'])))
    conflicts.push(failed('subject', 'subject_mismatch', { rule: 'R5' }))
  if (differs(credential['id'], jti, outside['id']))
    conflicts.push(failed('id', 'id_mismatch', { rule: 'R7' }))
  // A VCDM 2.0 credential may leave `validFrom` out; what it wrote wrongly is the data model's fault.
  if (!(model === '2.0' && validFrom === undefined) && isAnother(nbf, validFrom))
    conflicts.push(dateConflict('nbf'))
  if (model === '1.1' && isAnother(exp, validUntil)) conflicts.push(dateConflict('exp'))
  const { id } = credential
  return {
    model,
    credential,
    issuer,
    id: typeof id === 'string' ? id : undefined,
    types: distinctTexts(credential['type']),
    subject,
    validFrom,
    validUntil,
    tokenStatus: [...new Set([payload['status'], credential['status']])].filter(
      (status) => status !== undefined,
    ),
    issuedAt: isEpochSeconds(payload['iat']) ? payload['iat'] : undefined,
    conflicts,
  }
}

/** True when one of these is there, and says another thing than the credential. */
const differs = (said: Json | undefined, ...others: readonly (Json | undefined)[]): boolean =>
  others.some((other) => other !== undefined && other !== said)

/** True for a moment other than the credential's (row V8); what is no moment is judged with the times. */
const isAnother = (value: Json | undefined, date: EpochSeconds | undefined): boolean =>
  isEpochSeconds(value) && date !== value

const dateConflict = (claim: 'nbf' | 'exp'): Check =>
  failed('validity_period', 'validity_conflict', { evidence: { claim } })

const instant = (value: Json | undefined): EpochSeconds | undefined =>
  typeof value === 'string' ? parseDateTimeStamp(value) : undefined
