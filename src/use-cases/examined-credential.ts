import type { CredentialClaims } from '../domain/credential/credential-claims.ts'
import type { Json } from '../domain/json/strict-json.ts'
import type { Availability, Check } from '../domain/verification/check.ts'

/** What was found in one part of a verification, and whether all that it takes could be had. */
export interface Findings {
  readonly checks: readonly Check[]
  readonly availability: Availability
}

/** A credential of which all was verified but trust and status. */
export interface ExaminedCredential extends Findings {
  /** As signed; `undefined` where the token could not be read. */
  readonly claims: CredentialClaims | undefined
  /** True when a key that may sign it did: only then does anything of it count. */
  readonly signed: boolean
  /** False for one that somebody else than its issuer signed, which `issuerBinding: "relaxed"` lets pass. */
  readonly bound: boolean
  /**
   * What its status entries say now; without checks for one that nobody signed.
   *
   * @param trusted whether its issuer is: only then is a list fetched from wherever it says (row V14).
   */
  readonly status: (trusted: boolean) => Promise<Findings>
}

export type Examine = (secured: Json) => Promise<ExaminedCredential>
