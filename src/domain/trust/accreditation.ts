import type { CredentialClaims } from '../credential/credential-claims.ts'
import { isDid, type Did } from '../did/did.ts'
import { isJsonObject, type JsonObject } from '../json/strict-json.ts'
import { textsIn } from '../json/values.ts'
import type { EpochSeconds } from '../time.ts'

/** The type of the credentials that make up a chain (rule R6). */
export const ACCREDITATION = 'LsoIssuerAccreditationCredential'

/** From when until when something says it is valid; `undefined`: it does not say. */
export interface Period {
  readonly validFrom: EpochSeconds | undefined
  readonly validUntil: EpochSeconds | undefined
}

/** What an accreditation credential grants to its subject. Nothing of it is verified yet. */
export interface Accreditation extends Period {
  readonly credentialId: string
  readonly issuer: Did
  readonly subject: Did
  readonly accreditedFor: readonly string[]
  /** `undefined`: everywhere. */
  readonly jurisdictions: readonly string[] | undefined
  readonly mayAccredit: boolean
  /** The most accreditations that may follow this one; `undefined`: as many as the policy allows. */
  readonly maxDepth: number | undefined
}

/**
 * Reads a credential as an accreditation; `undefined` for one that is none, or that names no parties.
 * What is misshapen grants nothing: the schema finds it anyhow, and must not be needed for that.
 */
export function readAccreditation(claims: CredentialClaims): Accreditation | undefined {
  const { id, issuer, subject, types, validFrom, validUntil } = claims
  if (!types.includes(ACCREDITATION) || id === undefined || !isDid(issuer) || !isDid(subject))
    return undefined
  const { accreditedFor, jurisdictions, mayAccredit, maxDepth } = subjectOf(claims)
  return {
    credentialId: id,
    issuer,
    subject,
    validFrom,
    validUntil,
    accreditedFor: textsIn(accreditedFor),
    jurisdictions: jurisdictions === undefined ? undefined : textsIn(jurisdictions),
    mayAccredit: mayAccredit === true,
    maxDepth: maxDepth === undefined || typeof maxDepth === 'number' ? maxDepth : NOBODY_MAY_FOLLOW,
  }
}

const NOBODY_MAY_FOLLOW = 0

/** The one subject of a credential; without members where there is none, or more than one. */
export function subjectOf({ credential }: Pick<CredentialClaims, 'credential'>): JsonObject {
  const subject = credential['credentialSubject']
  return isJsonObject(subject) ? subject : {}
}
