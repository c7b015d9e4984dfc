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

/** One thing that is wrong with a header. */
export type JwsHeaderFault =
  | JwkRefusal
  | { readonly reason: 'alg_not_allowed' }
  | { readonly reason: 'header_not_allowed'; readonly header: string }
  | { readonly reason: 'typ_mismatch' }
  | { readonly reason: 'kid_missing' }

/** The first fault of a header; `further` are the others, absent where there is one only. */
export type JwsHeaderRefusal = JwsHeaderFault & { readonly further?: readonly JwsHeaderFault[] }

/**
 * Members that change how a token is read (`crit`, `b64`, `zip`), bring a key of the sender's choice
 * (`jku`, `x5u`, `x5c`) or belong to a JWE (RFC 7516 §4.1, RFC 7518 §4; row J31). `cty` and `jwk` are
 * judged by purpose. `x5t` and `x5t#S256` only name a certificate and are ignored, as is every member that we do
 * not know (RFC 7515 §4; row J7).
 */
const NEVER_ALLOWED = 'crit b64 zip jku x5u x5c enc epk apu apv iv tag p2s p2c'.split(' ')

/**
 * Applies the header rules of one purpose (RFC 7515 §4, RFC 8725 §3) and refuses with all that is wrong.
 * Looks at no key but the `jwk` of a DPoP proof, which must be a public key that can sign (RFC 9449 §4.3).
 */
export function readJwsHeader(
  header: JsonObject,
  rules: JwsRules,
): Result<JwsHeader, JwsHeaderRefusal> {
  const alg = signatureAlgorithm(header['alg'])
  const { kid } = header
  const hasKid = typeof kid === 'string' && kid !== ''
  const jwk = rules.key === 'jwk' ? publicJwk(header['jwk']) : undefined
  const faults: JwsHeaderFault[] = []
  if (!typAllowed(header['typ'], rules)) faults.push({ reason: 'typ_mismatch' })
  for (const member of forbiddenMembers(header, rules))
    faults.push({ reason: 'header_not_allowed', header: member })
  if (alg === undefined || !rules.algs.includes(alg)) faults.push({ reason: 'alg_not_allowed' })
  if (jwk?.ok === false) faults.push(jwk.refusal)
  if (rules.key === 'kid' && !hasKid) faults.push({ reason: 'kid_missing' })
  const [first, ...further] = faults
  if (first !== undefined) return refuse(further.length === 0 ? first : { ...first, further })
  // Never: an absent algorithm is a fault.
  if (alg === undefined) return refuse({ reason: 'alg_not_allowed' })
  return ok({
    alg,
    kid: rules.key === 'kid' && hasKid ? kid : undefined,
    jwk: jwk?.ok === true ? jwk.value : undefined,
  })
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

function forbiddenMembers(header: JsonObject, rules: JwsRules): readonly string[] {
  const { cty } = header
  const nests = cty !== undefined && (typeof cty !== 'string' || shortMediaType(cty) !== rules.cty)
  // Which `cty` belongs to a token of another kind is not known here, and it is refused for its `typ`.
  const isOfKind = typAllowed(header['typ'], rules)
  return [
    ...(nests && isOfKind ? ['cty'] : []),
    ...(Object.hasOwn(header, 'jwk') && rules.key !== 'jwk' ? ['jwk'] : []),
    ...NEVER_ALLOWED.filter((member) => Object.hasOwn(header, member)),
  ]
}

function typAllowed(typ: Json | undefined, rules: JwsRules): boolean {
  if (typ === undefined) return rules.typ.includes(undefined)
  return typeof typ === 'string' && rules.typ.includes(shortMediaType(typ))
}
