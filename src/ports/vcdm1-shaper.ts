import type { Did } from '../domain/did/did.ts'
import type { JsonObject } from '../domain/json/strict-json.ts'
import type { Result } from '../domain/result.ts'

/** Who signs: the issuer, the operator's key, and the name of that key in the issuer's document. */
export interface Vcdm1Signatory {
  readonly issuer: Did
  /** Name in `SIGNING_KEYS`. */
  readonly kid: string
  /** Absolute DID URL: the `kid` of the JWT. */
  readonly verificationMethod: string
}

/** The member that cannot be carried, of a credential that the data model may still allow. */
export interface Vcdm1Refusal {
  readonly reason: 'credential_not_representable'
  readonly member: 'credentialSubject' | 'issuer' | 'issuanceDate' | 'expirationDate'
}

export interface Vcdm1Shaper {
  /**
   * A VCDM 1.1 credential as a JWT (VC Data Model 1.1 §6.3.1): the whole credential in `vc`, and `iss`,
   * `sub`, `jti`, `nbf`, `exp` taken from it. Header: `alg`, `typ` `JWT`, `kid`. The credential is
   * not changed and is taken to satisfy the data model; its `issuer` must be `issuer`.
   *
   * Refused, because the claims could not say the same as the credential: several subjects, an
   * issuer other than the signatory, a date without a zone or before 1970.
   */
  shape(credential: JsonObject, signatory: Vcdm1Signatory): Promise<Result<string, Vcdm1Refusal>>
}
