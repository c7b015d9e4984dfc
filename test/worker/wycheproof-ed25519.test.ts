import { describe, expect, inject, it } from 'vitest'
import { verifiesBytes } from '../../src/adapters/jose/signature-verifier.ts'
import { createVerificationKeys } from '../../src/adapters/jose/verification-keys.ts'
import { publicJwk } from '../../src/domain/jwk.ts'

interface Group {
  readonly publicKeyJwk: unknown
  readonly tests: readonly {
    readonly tcId: number
    readonly result: 'valid' | 'invalid'
    readonly msg: string
    readonly sig: string
  }[]
}

const vectors = inject('vectors')?.['wycheproof/ed25519_test.json'] as
  { readonly testGroups: readonly Group[] } | undefined
const cases = (vectors?.testGroups ?? []).flatMap(({ publicKeyJwk, tests }) =>
  tests.map((test) => ({ ...test, publicKeyJwk })),
)
const keys = createVerificationKeys()

async function accepts({ publicKeyJwk, msg, sig }: (typeof cases)[number]): Promise<boolean> {
  const jwk = publicJwk(publicKeyJwk)
  const key = jwk.ok ? await keys.import(jwk.value) : jwk
  return key.ok && verifiesBytes(key.value, bytes(sig), bytes(msg))
}

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

describe.skipIf(vectors === undefined)(
  'Wycheproof Ed25519 in workerd (G11; skipped without ../shared/vectors)',
  () => {
    it('J26: accepts exactly the valid ones of all vectors', async () => {
      const wrong: number[] = []
      let accepted = 0
      for (const test of cases) {
        const outcome = await accepts(test)
        if (outcome) accepted++
        if (outcome !== (test.result === 'valid')) wrong.push(test.tcId)
      }
      expect(wrong).toEqual([])
      expect([cases.length, accepted]).toEqual([151, 88])
    })
  },
)
