import { endOfCredential } from '../domain/credential/validity-period.ts'
import { isDid } from '../domain/did/did.ts'
import { isJsonObject, type JsonObject } from '../domain/json/strict-json.ts'
import { textsIn } from '../domain/json/values.ts'
import { MAX_LSO_VALIDITY_SECONDS } from '../domain/limits.ts'
import type { AcceptedEntity } from '../domain/registration/grant-client.ts'
import { later, parseDateTimeStamp, type EpochSeconds } from '../domain/time.ts'
import { DELEGATION, LEGAL_ENTITY } from '../domain/trust/delegation.ts'
import { activeAnchors } from '../domain/trust/policy.ts'
import { failed, type Check } from '../domain/verification/check.ts'
import type { TrustStep } from './judge-trust.ts'
import type { CredentialReport, VerificationContext } from './verify-credential.ts'
import type { PresentationReport } from './verify-presentation.ts'

/** Who presented itself, and by whose word. */
export interface PresentedEntity extends AcceptedEntity {
  readonly trustChain: readonly TrustStep[]
}

/**
 * The legal entity behind the holder of a presentation (rules R4, R5), when a valid and trusted credential
 * says so. It counts until the first of what it rests on ends: a credential that is presented as the
 * holder's business, or the anchor. The links between lie inside the periods of those above them.
 */
export function acceptedEntity(
  { holder, credentials, checks }: PresentationReport,
  { policy: { policy }, now }: VerificationContext,
): PresentedEntity | undefined {
  const good = credentials.filter(
    ({ verdict, trust }) => verdict === 'valid' && trust === 'trusted',
  )
  const entity = good.find(
    ({ credential, subject }) => subject === holder && isOf(credential, LEGAL_ENTITY),
  )
  const { credential } = entity ?? {}
  const issuer = isJsonObject(credential?.['issuer'])
    ? credential['issuer']['id']
    : credential?.['issuer']
  if (entity === undefined || credential === undefined || !isDid(issuer)) return undefined
  const subject = subjectIn(credential)
  const { legalName, registeredAddress, roles, lsoInterfaces } = subject
  const country = isJsonObject(registeredAddress) ? registeredAddress['country'] : undefined
  const id = credential['id']
  const counted = credentials.filter((_, at) => !isLink(checks, at))
  const anchors = new Set(good.flatMap(({ trustChain }) => trustChain.at(-1)?.did ?? []))
  return {
    legalEntity: {
      legalName: typeof legalName === 'string' ? legalName : '',
      country: typeof country === 'string' ? country : undefined,
      credentialId: typeof id === 'string' ? id : undefined,
      issuer,
    },
    roles: textsIn(roles),
    interfaces: textsIn(lsoInterfaces),
    delegated: good.flatMap((one) =>
      one.subject === holder && isOf(one.credential, DELEGATION)
        ? textsIn(subjectIn(one.credential)['scope'])
        : [],
    ),
    validUntil: earliest(
      counted.map((one) => endOfCredential(one.credential)),
      activeAnchors(policy, now).flatMap(({ did, validUntil }) =>
        anchors.has(did) && validUntil !== undefined ? [parseDateTimeStamp(validUntil)] : [],
      ),
      [later(now, MAX_LSO_VALIDITY_SECONDS)],
    ),
    trustChain: entity.trustChain,
  }
}

/**
 * What is wrong with the credentials in a presentation, each finding with the number of its credential, so
 * that who is refused has every reason in one list. Nobody needs to trust a link that helps nobody.
 */
export function embeddedFindings({
  credentials,
  checks,
  trust,
  holder,
}: PresentationReport): readonly Check[] {
  const found = credentials.flatMap((report, at) =>
    report.checks
      .filter(({ outcome }) => outcome === 'fail' || outcome === 'indeterminate')
      .filter(({ check }) => check !== 'trust' || !isLink(checks, at))
      .map((check) => numbered(check, at)),
  )
  const told = [...found, ...checks].some(
    ({ check, outcome }) => check === 'trust' && outcome !== 'pass',
  )
  return holder === undefined || credentials.length === 0 || trust === 'trusted' || told
    ? found
    : [...found, failed('trust', 'issuer_untrusted', { rule: 'R6' })]
}

const numbered = ({ evidence, ...check }: Check, credential: number): Check => ({
  ...check,
  evidence: isJsonObject(evidence)
    ? { credential, ...evidence }
    : { credential, ...(evidence === undefined ? {} : { found: evidence }) },
})

/** Whether the credential at this place only vouches for the issuer of another. */
const isLink = (checks: readonly Check[], at: number): boolean =>
  checks.some(
    ({ check, outcome, evidence }) =>
      check === 'holder_binding' &&
      outcome === 'not_applicable' &&
      isJsonObject(evidence) &&
      evidence['credential'] === at,
  )

const isOf = (credential: CredentialReport['credential'], type: string): boolean =>
  textsIn(credential?.['type']).includes(type)

const subjectIn = (credential: JsonObject | undefined): JsonObject => {
  const subject = credential?.['credentialSubject']
  return isJsonObject(subject) ? subject : {}
}

const earliest = (...ends: readonly (readonly (EpochSeconds | undefined)[])[]): EpochSeconds =>
  ends
    .flat()
    .flatMap((end) => (end === undefined ? [] : [end]))
    .reduce((first, end) => (end < first ? end : first))
