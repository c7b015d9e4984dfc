import { utf8 } from '../base64url.ts'
import type { Fault } from '../fault.ts'
import type { Issuer, SecuringFormat } from '../instance/instance.ts'
import type { Json, JsonObject } from '../json/strict-json.ts'
import { idOf, listed } from '../json/values.ts'
import { MAX_STATUS_ENTRIES, MAX_TOKEN_CHARACTERS, MAX_URL_CHARACTERS } from '../limits.ts'
import { readStatusEntries } from '../status-list/status-entry.ts'

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
  if (idOf(named) !== issuer.did) fault('/issuer', 'must be the DID of this issuer, or absent')
  if (proof !== undefined) fault('/proof', 'must be absent: this call secures the credential')
  if (typeof id === 'string' && id !== ownId) faults.push(...nameFaults('/id', id, publicUrl))
  if (format === 'jwt_vc' && Array.isArray(credentialSubject))
    fault('/credentialSubject', 'must be one object, not a list: sub of a JWT names one subject')
  faults.push(...statusFaults(credential['credentialStatus'], publicUrl))
  if (tokenCharacters(credential) > MAX_TOKEN_CHARACTERS)
    fault('', 'is too large: its token would exceed 64 KiB')
  return faults
}

/**
 * A caller's own name for a credential. Nobody may give it a name under our origin: what answers there
 * is ours, and another credential's URL would then name two.
 */
export function nameFaults(pointer: string, name: string, publicUrl: string): readonly Fault[] {
  if (name.length > MAX_URL_CHARACTERS) return [{ pointer, detail: 'is too long' }]
  return name === publicUrl || name.startsWith(`${publicUrl}/`)
    ? [{ pointer, detail: 'must not lie under the address of this service; leave it out instead' }]
    : []
}

/** A caller's own entries stay, as long as a verifier can read them and they are not in our lists (S12). */
function statusFaults(credentialStatus: Json | undefined, publicUrl: string): readonly Fault[] {
  const pointer = '/credentialStatus'
  const entries = readStatusEntries(credentialStatus)
  if (entries.length > MAX_STATUS_ENTRIES) return [{ pointer, detail: 'has too many entries' }]
  const unreadable = entries.some(
    ({ kind }) => kind === 'index_invalid' || kind === 'malformed' || kind === 'unknown_size',
  )
  const ours = listed(credentialStatus).some((entry) =>
    JSON.stringify(entry).includes(`"${publicUrl}/`),
  )
  return [
    unreadable ? [{ pointer, detail: 'has an entry that no verifier can read' }] : [],
    ours
      ? [{ pointer, detail: 'has an entry in a list of this service: those are drawn here' }]
      : [],
  ].flat()
}

/** Base64url of the payload, and what comes with it; never too small. */
const tokenCharacters = (credential: JsonObject): number =>
  Math.ceil((utf8(JSON.stringify(credential)).length * 4) / 3) + TOKEN_OVERHEAD_CHARACTERS
