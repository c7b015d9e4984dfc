import { CompactSign } from 'jose'
import { utf8 } from '../../domain/base64url.ts'
import type { SignatureAlgorithm } from '../../domain/jwk.ts'
import type { Signer, SigningKey } from '../../ports/signer.ts'
import { importKey, signatureBytes, WEB_CRYPTO } from './algorithms.ts'
import { verifiesBytes } from './signature-verifier.ts'
import type { PrivateSigningKey } from './signing-keys.ts'

/**
 * Signs with the operator's keys. Each is imported when it first signs, as a key that the platform never
 * hands out again, and then must prove itself: a private part that does not belong to the public one is
 * a fault of the configuration and is thrown, naming the `kid` alone.
 */
export function createSigner(signingKeys: readonly PrivateSigningKey[]): Signer {
  const known = new Map(signingKeys.map((key) => [key.kid, key]))
  const imported = new Map<string, CryptoKey>()

  const keyFor = async (kid: string): Promise<readonly [PrivateSigningKey, CryptoKey]> => {
    const key = known.get(kid)
    if (key === undefined) throw new Error('no signing key has this kid')
    const cryptoKey = imported.get(kid) ?? (await importProvenKey(key))
    imported.set(kid, cryptoKey)
    return [key, cryptoKey]
  }

  return {
    keys: signingKeys.map(({ kid, alg, publicKeyJwk }): SigningKey => ({ kid, alg, publicKeyJwk })),
    async sign(kid, header, payload) {
      const [{ alg }, cryptoKey] = await keyFor(kid)
      return new CompactSign(utf8(JSON.stringify(payload)))
        .setProtectedHeader({ ...header, alg })
        .sign(cryptoKey)
    },
    async signBytes(kid, data) {
      const [{ alg }, cryptoKey] = await keyFor(kid)
      return signature(alg, cryptoKey, data)
    },
  }
}

const PROOF = utf8('a signing key proves that its two parts belong together')

async function importProvenKey(key: PrivateSigningKey): Promise<CryptoKey> {
  const proven = await provenKey(key).catch(() => {
    // The cause is dropped on purpose: it speaks about a private key.
    return undefined
  })
  if (proven === undefined)
    throw new Error(
      `SIGNING_KEYS: the private part of "${key.kid}" does not belong to its public part`,
    )
  return proven
}

async function provenKey({
  alg,
  publicKeyJwk,
  privateKeyJwk,
}: PrivateSigningKey): Promise<CryptoKey | undefined> {
  const privateKey = await importKey(privateKeyJwk, alg, 'sign')
  const publicKey = await importKey(publicKeyJwk, alg, 'verify')
  const proof = await signature(alg, privateKey, PROOF)
  const verificationKey = {
    alg,
    cryptoKey: publicKey,
    signatureBytes: signatureBytes(publicKeyJwk, alg),
  }
  return (await verifiesBytes(verificationKey, proof, PROOF)) ? privateKey : undefined
}

const signature = async (
  alg: SignatureAlgorithm,
  key: CryptoKey,
  data: Uint8Array,
): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.sign(WEB_CRYPTO[alg].signature, key, data))
