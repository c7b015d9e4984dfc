import { CompactSign } from 'jose'
import { utf8 } from '../../domain/base64url.ts'
import type { Signer, SigningKey } from '../../ports/signer.ts'
import { importKey } from './algorithms.ts'
import type { PrivateSigningKey } from './signing-keys.ts'

/** Signs with the operator's keys. Each is imported when it first signs, as one that cannot be exported. */
export function createSigner(signingKeys: readonly PrivateSigningKey[]): Signer {
  const known = new Map(signingKeys.map((key) => [key.kid, key]))
  const imported = new Map<string, CryptoKey>()

  const keyFor = async (kid: string): Promise<readonly [PrivateSigningKey, CryptoKey]> => {
    const key = known.get(kid)
    if (key === undefined) throw new Error('no signing key has this kid')
    const cryptoKey = imported.get(kid) ?? (await importKey(key.privateKeyJwk, key.alg, 'sign'))
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
  }
}
