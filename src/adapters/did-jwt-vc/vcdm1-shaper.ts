import {
  createVerifiableCredentialJwt,
  transformCredentialInput,
  type JwtCredentialPayload,
} from 'did-jwt-vc'
import { encodeBase64url, utf8 } from '../../domain/base64url.ts'
import { isJsonObject, type Json, type JsonObject } from '../../domain/json/strict-json.ts'
import type { SignatureAlgorithm } from '../../domain/jwk.ts'
import { ok, refuse, type Result } from '../../domain/result.ts'
import { parseDateTimeStamp } from '../../domain/time.ts'
import type { Signer } from '../../ports/signer.ts'
import type { Vcdm1Refusal, Vcdm1Shaper, Vcdm1Signatory } from '../../ports/vcdm1-shaper.ts'

/** What did-jwt writes; for other algorithms its transformation is used and the signer makes the JWS. */
const DID_JWT_ALGORITHMS: readonly SignatureAlgorithm[] = ['EdDSA', 'ES256']

/**
 * did-jwt-vc behind the port: it maps the credential to JWT claims, the signature is the signer's. The
 * library is given copies, because it writes into what it is given, and only what it maps without
 * loss: it would make several subjects one, and leave members that it does not know outside of `vc`.
 */
export function createVcdm1Shaper(signer: Signer): Vcdm1Shaper {
  return {
    async shape(credential, signatory) {
      const input = claimsInput(credential, signatory)
      if (!input.ok) return input
      const alg = signer.keys.find(({ kid }) => kid === signatory.kid)?.alg
      if (alg === undefined) throw new Error('no signing key has this kid')
      if (!DID_JWT_ALGORITHMS.includes(alg)) {
        const header = { typ: 'JWT', kid: signatory.verificationMethod }
        return ok(await signer.sign(signatory.kid, header, claims(input.value)))
      }
      const jwt = await createVerifiableCredentialJwt(
        input.value,
        { did: signatory.issuer, alg, signer: rawSigner(signer, signatory.kid) },
        { header: { kid: signatory.verificationMethod } },
      )
      return ok(jwt)
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
  if (identifier(credential['issuer']) !== issuer) return unrepresentable('issuer')
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

/** The payload that `createVerifiableCredentialJwt` would sign, as JSON. */
const claims = (input: JwtCredentialPayload): JsonObject =>
  JSON.parse(JSON.stringify(transformCredentialInput(input))) as JsonObject

const rawSigner =
  (signer: Signer, kid: string) =>
  async (data: string | Uint8Array): Promise<string> =>
    encodeBase64url(await signer.signBytes(kid, typeof data === 'string' ? utf8(data) : data))

const identifier = (value: Json | undefined): Json | undefined =>
  isJsonObject(value) ? value['id'] : value

const isDate = (value: Json | undefined): value is string =>
  typeof value === 'string' && parseDateTimeStamp(value) !== undefined

const unrepresentable = (member: Vcdm1Refusal['member']): Result<never, Vcdm1Refusal> =>
  refuse({ reason: 'credential_not_representable', member })
