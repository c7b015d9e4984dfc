import { decodeBase64url } from './base64url.ts'
import {
  isJsonObject,
  parseStrictJson,
  type JsonObject,
  type JsonRefusal,
} from './json/strict-json.ts'
import {
  readJwsHeader,
  shortMediaType,
  type JwsHeader,
  type JwsHeaderFault,
  type JwsHeaderRefusal,
} from './jws-header.ts'
import { JWS_PURPOSES, type JwsPurpose, type JwsRules } from './jws-purpose.ts'
import { MAX_STATUS_LIST_CHARACTERS, MAX_TOKEN_CHARACTERS } from './limits.ts'
import { remembered } from './remembered.ts'
import { ok, refuse, type Result } from './result.ts'

/**
 * A compact JWS (RFC 7515 §7.1) that is well-formed and of the shape of its purpose, and not verified: its
 * claims are what somebody says, until a `SignatureVerifier` has accepted it.
 */
export interface UnverifiedJws extends JwsHeader {
  readonly compact: string
  readonly purpose: JwsPurpose
  readonly header: JsonObject
  readonly payload: JsonObject
  readonly signature: Uint8Array
}

type TokenFault =
  'not_text' | 'not_three_parts' | 'not_base64url' | 'not_an_object' | 'signature_missing'

/** One thing that is wrong with a token. */
export type JwsFault =
  | JsonRefusal
  | JwsHeaderFault
  | { readonly reason: 'token_too_large' }
  | { readonly reason: 'token_malformed'; readonly fault: TokenFault }

export type JwsRefusal = JwsFault | JwsHeaderRefusal

/** All that a refusal says, each fault by itself: a header may have several. */
export function jwsFaults(refusal: JwsRefusal): readonly JwsFault[] {
  if (!('further' in refusal)) return [refusal]
  const { further = [], ...first } = refusal
  return [first, ...further]
}

/**
 * The gate that every JWS passes: size, three parts, canonical base64url, strict JSON, the header rules
 * and the telling claims of `purpose`. The first fault is the answer, of a header all of them, and nothing
 * is decoded before what it depends on was accepted. Does not choose a key, verify the signature or look at times.
 */
export function readCompactJws(
  compact: unknown,
  purpose: JwsPurpose,
): Result<UnverifiedJws, JwsRefusal> {
  return read(compact, MAX_TOKEN_CHARACTERS, () => purpose)
}

/** As `readCompactJws`, for a credential: `vc+jwt` is VCDM 2.0, everything else must be VCDM 1.1. */
export function readCredentialJws(compact: unknown): Result<UnverifiedJws, JwsRefusal> {
  return read(compact, MAX_TOKEN_CHARACTERS, credentialPurpose)
}

/** As `readCredentialJws`, for a credential that is a status list, which may be larger. */
export function readStatusListCredentialJws(compact: unknown): Result<UnverifiedJws, JwsRefusal> {
  return read(compact, MAX_STATUS_LIST_CHARACTERS, credentialPurpose)
}

/** As `readCompactJws`, for a Token Status List, which may be larger. */
export function readTokenStatusListJws(compact: unknown): Result<UnverifiedJws, JwsRefusal> {
  return read(compact, MAX_STATUS_LIST_CHARACTERS, () => 'token-status-list')
}

/** As `readCompactJws`, for a presentation: `vp+jwt` is VCDM 2.0, everything else must be VCDM 1.1. */
export function readPresentationJws(compact: unknown): Result<UnverifiedJws, JwsRefusal> {
  return read(compact, MAX_TOKEN_CHARACTERS, (typ) =>
    typ === 'vp+jwt' ? 'presentation-vcdm2' : 'presentation-vcdm1',
  )
}

const credentialPurpose: PurposeOf = (typ) =>
  typ === 'vc+jwt' ? 'credential-vcdm2' : 'credential-vcdm1'

/** What a token is read as, by the short media type of its `typ`. */
type PurposeOf = (typ: string | undefined) => JwsPurpose

function read(
  compact: unknown,
  maxCharacters: number,
  purposeOf: PurposeOf,
): Result<UnverifiedJws, JwsRefusal> {
  if (typeof compact !== 'string') return malformed('not_text')
  if (compact.length > maxCharacters) return refuse({ reason: 'token_too_large' })
  const parts = threeParts(compact)
  if (parts === undefined) return malformed('not_three_parts')

  const header = readHeaderPart(parts.header)
  if (!header.ok) return header
  const typ = header.value['typ']
  const purpose = purposeOf(typeof typ === 'string' ? shortMediaType(typ) : undefined)
  const rules = JWS_PURPOSES[purpose]
  const judged = readJwsHeader(header.value, rules)
  if (!judged.ok) return judged

  const signature = decodeBase64url(parts.signature)
  if (signature === undefined) return malformed('not_base64url')
  if (signature.length === 0) return malformed('signature_missing')

  const payload = readJsonPart(parts.payload)
  if (!payload.ok) return payload
  if (!claimsAllowed(payload.value, rules)) return refuse({ reason: 'typ_mismatch' })
  const { alg, kid, jwk } = judged.value
  return ok({
    compact,
    purpose,
    header: header.value,
    payload: payload.value,
    alg,
    kid,
    jwk,
    signature,
  })
}

function threeParts(
  compact: string,
): { readonly header: string; readonly payload: string; readonly signature: string } | undefined {
  const first = compact.indexOf('.')
  const second = compact.indexOf('.', first + 1)
  if (first === -1 || second === -1 || compact.includes('.', second + 1)) return undefined
  return {
    header: compact.slice(0, first),
    payload: compact.slice(first + 1, second),
    signature: compact.slice(second + 1),
  }
}

function readJsonPart(part: string): Result<JsonObject, JwsRefusal> {
  const bytes = decodeBase64url(part)
  if (bytes === undefined) return malformed('not_base64url')
  const json = parseStrictJson(bytes)
  if (!json.ok) return json
  return isJsonObject(json.value) ? ok(json.value) : malformed('not_an_object')
}

/** Tokens of one signer have the same header, letter by letter. */
const readHeaderPart = remembered(readJsonPart)

function claimsAllowed(payload: JsonObject, { claims }: JwsRules): boolean {
  if (claims.required !== undefined && !isJsonObject(payload[claims.required])) return false
  return !claims.forbidden.some((claim) => Object.hasOwn(payload, claim))
}

const malformed = (fault: TokenFault): Result<never, JwsRefusal> =>
  refuse({ reason: 'token_malformed', fault })
