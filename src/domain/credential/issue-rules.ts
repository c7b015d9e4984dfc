import { utf8 } from '../base64url.ts'
import { pointerStep, type Fault } from '../fault.ts'
import type { Issuer, SecuringFormat } from '../instance/instance.ts'
import type { Json, JsonObject } from '../json/strict-json.ts'
import { idOf, onlyId, textsIn } from '../json/values.ts'
import { MAX_TOKEN_CHARACTERS, MAX_URL_CHARACTERS } from '../limits.ts'
import { isOwnUrl } from '../own-url.ts'
import { parseDateTimeStamp, type EpochSeconds } from '../time.ts'
import { VALIDITY_MEMBERS } from './data-model-validity.ts'
import { MODEL_OF } from './draft.ts'
import { givenStatusFaults } from './given-status.ts'
import { paddedFaults } from './lso-padding.ts'
import { lsoTypeOf } from './lso-types.ts'

/**
 * Claims of a token that would say something beside the credential, or make the token one of another
 * kind (VC-JOSE-COSE §3, row J12): what is signed here is a credential and nothing else.
 */
const TOKEN_CLAIMS = [
  'iss',
  'sub',
  'aud',
  'exp',
  'nbf',
  'iat',
  'jti',
  'nonce',
  'cnf',
  'vc',
  'vp',
  'status',
]

/** Types of what is no credential, whatever else it is (VCDM 2.0 §4.13, row J12). */
const OTHER_KINDS = [
  'VerifiablePresentation',
  'EnvelopedVerifiableCredential',
  'EnvelopedVerifiablePresentation',
]

/** Room for header, signature, status entries and registered claims in a token, in characters. */
const TOKEN_OVERHEAD_CHARACTERS = 4_096

/** What the issuing instance and its format demand of a credential beyond the data model. */
export function issueFaults(
  credential: JsonObject,
  issuer: Issuer,
  format: SecuringFormat,
  publicUrl: string,
  ownId: string,
): readonly Fault[] {
  const { id, issuer: named, proof, credentialSubject } = credential
  const faults: Fault[] = TOKEN_CLAIMS.filter((claim) => Object.hasOwn(credential, claim)).map(
    (claim) => ({ pointer: `/${claim}`, detail: 'is a claim of the token: leave it out' }),
  )
  const fault = (pointer: string, detail: string) => faults.push({ pointer, detail })
  const types = textsIn(credential['type'])
  if (OTHER_KINDS.some((kind) => types.includes(kind)))
    fault('/type', 'must not name a presentation or an envelope: this call signs a credential')
  if (idOf(named) !== issuer.did) fault('/issuer', 'must be the DID of this issuer, or absent')
  if (proof !== undefined) fault('/proof', 'must be absent: this call secures the credential')
  if (typeof id === 'string' && id !== ownId) faults.push(...nameFaults('/id', id, publicUrl))
  if (format === 'jwt_vc' && Array.isArray(credentialSubject))
    fault('/credentialSubject', 'must be one object, not a list: sub of a JWT names one subject')
  if (lsoTypeOf(types) !== undefined) faults.push(...paddedFaults(credentialSubject))
  faults.push(...aliasFaults(credential, ''))
  faults.push(...givenStatusFaults(credential['credentialStatus'], publicUrl))
  faults.push(...sizeFaults(credential, format))
  return faults
}

/**
 * A caller's own name for a credential. Nobody may give it a name under our origin: what answers there
 * is ours, and another credential's URL would then name two.
 */
export function nameFaults(pointer: string, name: string, publicUrl: string): readonly Fault[] {
  if (name.length > MAX_URL_CHARACTERS) return [{ pointer, detail: 'is too long' }]
  return isOwnUrl(name, publicUrl)
    ? [{ pointer, detail: 'must not lie under the address of this service; leave it out instead' }]
    : []
}

/** Names that JSON-LD reads as one, side by side in one object, or a graph in place of a credential. */
function aliasFaults(value: Json, pointer: string): readonly Fault[] {
  if (typeof value !== 'object' || value === null) return []
  const names = Object.keys(value)
  const both = ['id', 'type'].filter((name) => names.includes(name) && names.includes(`@${name}`))
  const faults = [...both.map((name) => `@${name}`), ...names.filter((name) => name === '@graph')]
  return [
    ...faults.map((name) => ({
      pointer: pointer + pointerStep(name),
      detail: 'must be left out: JSON-LD would read something else than this object says',
    })),
    ...Object.entries<Json>(value as JsonObject).flatMap(([name, inside]) =>
      aliasFaults(inside, pointer + pointerStep(name)),
    ),
  ]
}

/**
 * What is wrong with an end that the caller named, seen at `now`: where no beginning is named it is
 * the moment of issue. And with a beginning that no claim of a VCDM 1.1 JWT can hold.
 */
export function endFaults(
  given: JsonObject,
  format: SecuringFormat,
  now: EpochSeconds,
): readonly Fault[] {
  const [from, until] = VALIDITY_MEMBERS[MODEL_OF[format]]
  const at = (member: string): EpochSeconds | undefined => {
    const value = given[member]
    return typeof value === 'string' ? parseDateTimeStamp(value) : undefined
  }
  const end = at(until)
  return [
    ...(end !== undefined && end < now && given[from] === undefined
      ? [{ pointer: `/${until}`, detail: `${until} must not lie in the past` }]
      : []),
    ...(format === 'jwt_vc' ? [from, until] : [])
      .filter((member) => (at(member) ?? 0) < 0)
      .map((member) => ({ pointer: `/${member}`, detail: 'must not lie before 1970 in a JWT' })),
  ]
}

/**
 * Says when base64url of the payload, and what comes with it, is more than a token may have. The issuer
 * is named in `kid` again, and a VCDM 1.1 JWT names credential, issuer and subject twice (§6.3.1).
 */
export function sizeFaults(credential: JsonObject, format: SecuringFormat): readonly Fault[] {
  const { id, issuer, credentialSubject } = credential
  const by = idOf(issuer)
  const claims = format === 'jwt_vc' ? [id, by, onlyId(credentialSubject)] : []
  const text = JSON.stringify([credential, by, ...claims])
  const most = ((MAX_TOKEN_CHARACTERS - TOKEN_OVERHEAD_CHARACTERS) * 3) / 4
  // A UTF-16 code unit is at most three bytes: most texts need not be encoded to know.
  return text.length * 3 > most && utf8(text).length > most
    ? [{ pointer: '', detail: 'is too large: its token would exceed 64 KiB' }]
    : []
}
