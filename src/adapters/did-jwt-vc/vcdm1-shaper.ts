import { transformCredentialInput, type JwtCredentialPayload } from 'did-jwt-vc'
import { isJsonObject, type Json, type JsonObject } from '../../domain/json/strict-json.ts'
import { idOf } from '../../domain/json/values.ts'
import { ok, refuse, type Result } from '../../domain/result.ts'
import { isEpochSeconds, parseDateTimeStamp } from '../../domain/time.ts'
import type { Signer } from '../../ports/signer.ts'
import type { Vcdm1Refusal, Vcdm1Shaper, Vcdm1Signatory } from '../../ports/vcdm1-shaper.ts'

/**
 * did-jwt-vc behind the port: it maps the credential to JWT claims, the signer makes the JWS. The
 * library is given a copy, because it writes into what it is given, and only what it maps without
 * loss: it would make several subjects one, and leave members that it does not know outside of `vc`.
 */
export function createVcdm1Shaper(signer: Signer): Vcdm1Shaper {
  return {
    async shape(credential, signatory) {
      const input = claimsInput(credential, signatory)
      if (!input.ok) return input
      const header = { typ: 'JWT', kid: signatory.verificationMethod }
      return ok(await signer.sign(signatory.kid, header, claims(input.value)))
    },
  }
}

/** The library maps `id`, `issuer` and the dates; the credential itself goes into `vc` whole. */
function claimsInput(
  credential: JsonObject,
  { issuer }: Vcdm1Signatory,
): Result<JwtCredentialPayload, Vcdm1Refusal> {
  const { id, credentialSubject, issuanceDate, expirationDate } = credential
  if (!isJsonObject(credentialSubject)) return unrepresentable('credentialSubject')
  if (idOf(credential['issuer']) !== issuer) return unrepresentable('issuer')
  if (!isDate(issuanceDate)) return unrepresentable('issuanceDate')
  if (expirationDate !== undefined && !isDate(expirationDate))
    return unrepresentable('expirationDate')
  const subject = credentialSubject['id']
  return ok({
    vc: structuredClone(credential) as JwtCredentialPayload['vc'],
    issuer,
    issuanceDate,
    ...(expirationDate === undefined ? {} : { expirationDate }),
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof subject === 'string' ? { sub: subject } : {}),
  })
}

/** The claims as the library maps them, as JSON. */
const claims = (input: JwtCredentialPayload): JsonObject =>
  JSON.parse(JSON.stringify(transformCredentialInput(input))) as JsonObject

/** A date that a NumericDate of ours can hold: none before 1970. */
const isDate = (value: Json | undefined): value is string =>
  typeof value === 'string' && isEpochSeconds(parseDateTimeStamp(value))

const unrepresentable = (member: Vcdm1Refusal['member']): Result<never, Vcdm1Refusal> =>
  refuse({ reason: 'credential_not_representable', member })
