import { generateKeyPairSync } from 'node:crypto'
import { didKeyOf } from '../src/adapters/did/did-key-of.ts'
import { publicJwk } from '../src/domain/jwk.ts'

/** So many different did:keys of one type. */
export const didKeys = (type: 'Ed25519' | 'P-256', count: number): readonly string[] =>
  Array.from({ length: count }, () => {
    const { publicKey } =
      type === 'Ed25519'
        ? generateKeyPairSync('ed25519')
        : generateKeyPairSync('ec', { namedCurve: type })
    const jwk = publicJwk(publicKey.export({ format: 'jwk' }))
    if (!jwk.ok) throw new Error('Node made a key that the service does not take')
    return didKeyOf(jwk.value)
  })
