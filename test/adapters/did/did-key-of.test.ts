import { describe, expect, inject, it } from 'vitest'
import { didKeyOf } from '../../../src/adapters/did/did-key-of.ts'
import { readMultikey } from '../../../src/adapters/did/multikey.ts'

const vectors = inject('vectors')

describe.skipIf(vectors === null)('didKeyOf (did:key §3.1.2), over the vectors of others', () => {
  it.each(['ed25519-x25519', 'nist-curves', 'rsa', 'secp256k1'])(
    'names each key of %s as they do',
    (file) => {
      const dids = Object.keys(vectors?.[`did-key/${file}.json`] as object)
      expect(dids.length).toBeGreaterThan(0)
      for (const did of dids) {
        const key = readMultikey(did.slice('did:key:'.length))
        expect(key.ok && didKeyOf(key.value)).toBe(did)
      }
    },
  )
})
