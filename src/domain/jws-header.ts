import {
  publicJwk,
  signatureAlgorithm,
  type JwkRefusal,
  type PublicJwk,
  type SignatureAlgorithm,
} from './jwk.ts'
import type { JwsRules } from './jws-purpose.ts'
import type { Json, JsonObject } from './json/strict-json.ts'
import { ok, refuse, type Result } from './result.ts'

/** What the header decides: the algorithm, and which key must have signed. */
export interface JwsHeader {
  readonly alg: SignatureAlgorithm
  /** Present for every purpose that chooses its key by `kid`. */
  readonly kid: string | undefined
  /** Present for a DPoP proof alone. */
  readonly jwk: PublicJwk | undefined
}

export type JwsHeaderRefusal =
  | JwkRefusal
  | { readonly reason: 'alg_not_allowed' }
  | { readonly reason: 'header_not_allowed'; readonly header: string }
  | { readonly reason: 'typ_mismatch' }
  | { readonly reason: 'kid_missing' }

/**
 * Members that change how a token is read (`crit`, `b64`, `zip`) or bring a key of the sender's choice
 * (`jku`, `x5u`, `x5c`). `cty` and `jwk` are judged by purpose. `x5t` and `x5t#S256` only name a
 * certificate and are ignored, as is every member that we do not know (RFC 7515 §4; row J7).
 */
const NEVER_ALLOWED = ['crit', 'b64', 'zip', 'jku', 'x5u', 'x5c']

/**
 * Applies the header rules of one purpose (RFC 7515 §4, RFC 8725 §3). Looks at no key but the `jwk` of
 * a DPoP proof, which must be a public key that can sign (RFC 9449 §4.3).
 */
export function readJwsHeader(
  header: JsonObject,
  rules: JwsRules,
): Result<JwsHeader, JwsHeaderRefusal> {
  if (!typAllowed(header['typ'], rules)) return refuse({ reason: 'typ_mismatch' })
  const forbidden = forbiddenMember(header, rules)
  if (forbidden !== undefined) return refuse({ reason: 'header_not_allowed', header: forbidden })
  const alg = signatureAlgorithm(header['alg'])
  if (alg === undefined || !rules.algs.includes(alg)) return refuse({ reason: 'alg_not_allowed' })
  if (rules.key === 'jwk') return readEmbeddedKey(header['jwk'], alg)
  const kid = header['kid']
  if (typeof kid !== 'string' || kid === '') return refuse({ reason: 'kid_missing' })
  return ok({ alg, kid, jwk: undefined })
}

/**
 * The media type that a `typ` stands for, lower case and without its `application/` (RFC 7515
 * §4.1.9). A type of another tree keeps its tree, so that it equals none of ours.
 */
export function shortMediaType(typ: string): string {
  const lowerCase = typ.toLowerCase()
  const short = lowerCase.startsWith('application/')
    ? lowerCase.slice('application/'.length)
    : lowerCase
  return short.includes('/') ? lowerCase : short
}

function forbiddenMember(header: JsonObject, rules: JwsRules): string | undefined {
  if (Object.hasOwn(header, 'cty') && header['cty'] !== rules.cty) return 'cty'
  if (Object.hasOwn(header, 'jwk') && rules.key !== 'jwk') return 'jwk'
  return NEVER_ALLOWED.find((member) => Object.hasOwn(header, member))
}

function typAllowed(typ: Json | undefined, rules: JwsRules): boolean {
  if (typ === undefined) return rules.typ.includes(undefined)
  return typeof typ === 'string' && rules.typ.includes(shortMediaType(typ))
}

/** An absent key is refused as `publicJwk` refuses whatever is no key. */
function readEmbeddedKey(
  jwk: Json | undefined,
  alg: SignatureAlgorithm,
): Result<JwsHeader, JwsHeaderRefusal> {
  const read = publicJwk(jwk)
  return read.ok ? ok({ alg, kid: undefined, jwk: read.value }) : read
}
