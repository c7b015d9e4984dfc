import { isSignatureAlg } from './algorithms.ts'
import type { JwkSet } from './answers.ts'
import { decodeBase64url, utf8, utf8Text } from './base64url.ts'
import { isJsonObject, parsedJson, type JsonObject } from './json.ts'
import type { FindingCode } from './reasons.ts'
import { verifiedBy } from './signature.ts'

const MAX_TOKEN_CHARACTERS = 64 * 1024
/** Every other parameter asks for something that is not done here (RFC 7515 §4.1.11). */
const HEADER = ['typ', 'alg', 'kid', 'cty']

/**
 * The claims of a compact JWS of a service, once `typ`, `alg`, the one key that `kid` names and the
 * signature are right; otherwise what is not. Looks at no claim.
 */
export async function signedClaims(
  token: string,
  typs: readonly string[],
  jwks: JwkSet,
): Promise<JsonObject | FindingCode> {
  const read = readToken(token)
  if (typeof read === 'string') return read
  const { header, claims, signature } = read
  const { typ, alg, kid } = header
  if (!typs.some((one) => one === typ)) return 'typ_mismatch'
  if (!isSignatureAlg(alg)) return 'alg_not_allowed'
  if (Object.keys(header).some((name) => !HEADER.includes(name))) return 'header_not_allowed'
  if (typeof kid !== 'string') return 'kid_missing'
  const [key, ...others] = jwks.keys.filter((jwk) => jwk['kid'] === kid)
  if (key === undefined) return 'kid_not_found'
  if (others.length > 0) return 'kid_ambiguous'
  const good = await verifiedBy(key, alg, read.input, signature)
  return good === true ? claims : good
}

function readToken(token: string) {
  if (token.length > MAX_TOKEN_CHARACTERS) return 'token_too_large'
  const [header = '', payload = '', signature = '', ...more] = token.split('.')
  const parts = [header, payload, signature].map(decodeBase64url)
  if (more.length > 0 || parts.some((part) => part === undefined || part.length === 0))
    return 'token_malformed'
  const [head, claims] = parts.map((part) => parsedJson(utf8Text(part ?? new Uint8Array()) ?? ''))
  if (!isJsonObject(head) || !isJsonObject(claims)) return 'json_invalid'
  return {
    header: head,
    claims,
    input: utf8(`${header}.${payload}`),
    signature: parts[2] ?? new Uint8Array(),
  }
}
