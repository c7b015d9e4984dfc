import { ed25519 } from '@noble/curves/ed25519'
import { p256, p384 } from '@noble/curves/nist'
import { decodeBase64url, encodeBase64url } from '../../domain/base64url.ts'
import { algorithmOf, PRIVATE_JWK_MEMBERS, publicJwk, type PublicJwk } from '../../domain/jwk.ts'
import {
  isJsonObject,
  parseStrictJsonText,
  type JsonObject,
} from '../../domain/json/strict-json.ts'
import { ok, refuse, type Result } from '../../domain/result.ts'
import type { SigningKey } from '../../ports/signer.ts'
import { base64urlUint } from './base64url-uint.ts'
import { publicKeyFault } from './key-quality.ts'

/** A key of the secret with its private part: never logged, answered or stored. */
export interface PrivateSigningKey extends SigningKey {
  /** Exactly the members that make the key, public and private. */
  readonly privateKeyJwk: Readonly<Record<string, string>>
}

export interface SigningKeysRefusal {
  readonly reason: 'signing_keys_invalid'
  /** Which key, counted from 0 (`keys[0]`), or empty for the set; never anything of its content. */
  readonly at: string
  /** What is wrong, in fixed words. */
  readonly fault: string
}

/**
 * Reads the secret `SIGNING_KEYS`: a JWK Set (RFC 7517 §5) of at least one private key for EdDSA
 * (Ed25519), ES256, ES384 or PS256, each with a `kid` of its own that can stand as the fragment of a
 * DID URL. `alg`, `use` and `key_ops` may be absent and must fit where they are not. Whether the
 * private part belongs to the public one is seen when the key first signs.
 */
export function readSigningKeys(
  text: string,
): Result<readonly PrivateSigningKey[], SigningKeysRefusal> {
  const json = parseStrictJsonText(text)
  if (!json.ok) return invalid('', `is not acceptable JSON (${json.refusal.reason})`)
  const keys = isJsonObject(json.value) ? json.value['keys'] : undefined
  if (!Array.isArray(keys)) return invalid('', 'is not a JWK Set: an object with a list "keys"')
  if (keys.length === 0) return invalid('', 'has no key')
  const read: PrivateSigningKey[] = []
  for (const [index, value] of (keys as readonly unknown[]).entries()) {
    const at = `keys[${String(index)}]`
    const key = readSigningKey(value)
    if (typeof key === 'string') return invalid(at, key)
    if (read.some(({ kid }) => kid === key.kid))
      return invalid(at, 'repeats the "kid" of another key')
    read.push(key)
  }
  return ok(read)
}

/** RFC 3986 §3.5 without its delimiters, so that the name needs no escaping anywhere. */
const KID = /^[A-Za-z0-9._~-]{1,128}$/

function readSigningKey(value: unknown): PrivateSigningKey | string {
  if (!isJsonObject(value)) return 'is not an object'
  const kid = value['kid']
  if (typeof kid !== 'string' || !KID.test(kid))
    return 'needs a "kid" of 1 to 128 letters, digits or . _ ~ -'
  const read = publicJwk(withoutPrivateMembers(value))
  if (!read.ok) return PUBLIC_FAULTS[read.refusal.fault]
  const publicKeyJwk = read.value
  const alg = algorithmOf(publicKeyJwk)
  if (alg === undefined) return PUBLIC_FAULTS.key_type
  const operations = value['key_ops']
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('sign')))
    return 'has "key_ops" without "sign"'
  if (publicKeyFault(publicKeyJwk) !== undefined) return 'is a weak key or no point of its curve'
  return withPrivatePart(value, { kid, alg, publicKeyJwk })
}

const PUBLIC_FAULTS = {
  not_an_object: 'is not an object',
  private_member: 'is not a private key',
  key_type: 'is no key that signs here: Ed25519, P-256, P-384 or RSA',
  coordinate: 'has an "x" or "y" that is not base64url of the right length',
  modulus: 'has an "n" that is not base64url of an odd number of 2048 to 8192 bits',
  exponent: 'has an "e" other than AQAB',
  use: 'has a "use" other than "sig"',
  key_ops: 'has "key_ops" without "sign"',
  alg: 'has an "alg" that is not the one of its key type',
} as const

/** The public side as `publicJwk` reads it; `key_ops` of a private key says "sign" and is judged here. */
function withoutPrivateMembers(value: JsonObject): JsonObject {
  const hidden: readonly string[] = [...PRIVATE_JWK_MEMBERS, 'key_ops']
  return Object.fromEntries(Object.entries(value).filter(([member]) => !hidden.includes(member)))
}

const RSA_PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const

function withPrivatePart(value: JsonObject, key: SigningKey): PrivateSigningKey | string {
  const members = key.publicKeyJwk.kty === 'RSA' ? RSA_PRIVATE_MEMBERS : (['d'] as const)
  const part: Record<string, string> = {}
  for (const member of members) {
    const text = value[member]
    const bytes = typeof text === 'string' ? decodeBase64url(text)?.length : undefined
    if (typeof text !== 'string' || bytes === undefined || !fits(bytes, key.publicKeyJwk))
      return `has no "${member}" that is base64url of the right length`
    part[member] = text
  }
  if (!partsFit(key.publicKeyJwk, part)) return 'has a private part that is not of its public part'
  return { ...key, privateKeyJwk: { ...key.publicKeyJwk, ...part } }
}

/** RFC 7518 §6.2.2.1, RFC 8037 §2: `d` is as long as a coordinate; the numbers of RSA only have bytes. */
function fits(bytes: number, jwk: PublicJwk): boolean {
  if (jwk.kty === 'RSA') return bytes > 0
  return bytes === decodeBase64url(jwk.x)?.length
}

/** Does the private part belong to the public one? A mix-up must end the start, not the first issuance. */
function partsFit(jwk: PublicJwk, part: Readonly<Record<string, string>>): boolean {
  const secret = decodeBase64url(part['d'] ?? '') ?? new Uint8Array()
  switch (jwk.kty) {
    case 'OKP':
      return encodeBase64url(ed25519.getPublicKey(secret)) === jwk.x
    case 'EC': {
      const curve = jwk.crv === 'P-256' ? p256 : p384
      if (!curve.utils.isValidSecretKey(secret)) return false
      // An uncompressed point: one byte that says so, then both coordinates (SEC 1 §2.3.3).
      const point = curve.getPublicKey(secret, false).subarray(1)
      const half = point.length / 2
      return (
        encodeBase64url(point.subarray(0, half)) === jwk.x &&
        encodeBase64url(point.subarray(half)) === jwk.y
      )
    }
    case 'RSA':
      return rsaPartsFit(jwk, part)
  }
}

/** RFC 8017 §3.2: `n` is `p` times `q`, and `d` undoes `e` modulo both `p - 1` and `q - 1`. */
function rsaPartsFit(
  { n, e }: { readonly n: string; readonly e: string },
  part: Readonly<Record<string, string>>,
): boolean {
  const number = (member: string) => base64urlUint(part[member] ?? '')
  const [p, q, d] = [number('p'), number('q'), number('d')]
  if (p < 2n || q < 2n || p * q !== base64urlUint(n)) return false
  return [p, q].every((prime) => (base64urlUint(e) * d) % (prime - 1n) === 1n)
}

const invalid = (at: string, fault: string): Result<never, SigningKeysRefusal> =>
  refuse({ reason: 'signing_keys_invalid', at, fault })
