import { webcrypto } from 'node:crypto'
import { webCryptoSigner, type HolderAlg, type HolderSigner } from '../../src/client/index.ts'
import { readJsonObject } from './files.ts'
import { UsageError } from './outcome.ts'

const ALGORITHMS = {
  EdDSA: { name: 'Ed25519' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256' },
} as const
/** The curve, or the key type where there is none. */
const KINDS = { EdDSA: 'Ed25519', ES256: 'P-256', PS256: 'RSA' } as const
const MEMBERS = ['kty', 'crv', 'x', 'y', 'd', 'n', 'e', 'p', 'q', 'dp', 'dq', 'qi']

/** What `lso keygen` makes keys for. */
export const HOLDER_ALGS = Object.keys(ALGORITHMS) as readonly HolderAlg[]

/** The signer over a private JWK in a file; its `kid` is the DID URL of the key. */
export async function holderSigner(file: string): Promise<HolderSigner> {
  const jwk = readJsonObject(file)
  const alg = algOf(jwk)
  const { kid } = jwk
  if (alg === undefined)
    throw new UsageError(
      `${file}: the key must be of Ed25519, P-256 or RSA, and alg, where it has one, ${HOLDER_ALGS.join(', ')}`,
    )
  if (typeof kid !== 'string' || !kid.startsWith('did:'))
    throw new UsageError(`${file}: kid must be the DID URL of the key; lso keygen --did writes it`)
  const given = Object.fromEntries(
    MEMBERS.flatMap((name) => (typeof jwk[name] === 'string' ? [[name, jwk[name]]] : [])),
  )
  const key = await webcrypto.subtle
    .importKey('jwk', given, ALGORITHMS[alg], false, ['sign'])
    .catch(() => {
      throw new UsageError(`${file} is no private key for ${alg}`)
    })
  return webCryptoSigner(kid, key)
}

/** What a JWK signs with, from its kind; other tools leave `alg` out, or write `Ed25519` (RFC 9864). */
function algOf({ kty, crv, alg }: Readonly<Record<string, unknown>>): HolderAlg | undefined {
  const kind = crv === undefined ? kty : crv
  const own = HOLDER_ALGS.find((one) => KINDS[one] === kind)
  const named = alg === 'Ed25519' ? 'EdDSA' : alg
  return named === undefined || named === own ? own : undefined
}

/** The public members of a private JWK in a file, with `alg` and `kid`. */
export function publicJwk(file: string): Readonly<Record<string, string>> {
  const jwk = readJsonObject(file)
  const members = ['kty', 'crv', 'x', 'y', 'n', 'e', 'alg', 'kid']
  const given = members.flatMap((name) =>
    typeof jwk[name] === 'string' ? [[name, jwk[name]]] : [],
  )
  if (typeof jwk['kty'] !== 'string' || typeof jwk['kid'] !== 'string')
    throw new UsageError(`${file} is no JWK with a kid`)
  return Object.fromEntries(given) as Readonly<Record<string, string>>
}
