import { describe, expect, inject, it } from 'vitest'
import { publicKeyFault } from '../../src/adapters/jose/key-quality.ts'
import { createSignatureVerifier } from '../../src/adapters/jose/signature-verifier.ts'
import { publicJwk } from '../../src/domain/jwk.ts'
import { readCompactJws } from '../../src/domain/jws.ts'
import { withClaims } from '../support/compact-jws.ts'

interface Jwk extends Readonly<Record<string, unknown>> {
  readonly kid: string
}
interface Case {
  readonly tcId: number
  readonly result: 'valid' | 'invalid'
  readonly jws: string
}
interface Group {
  readonly public?: { readonly keys: readonly Jwk[] }
  readonly private: { readonly keys: readonly Jwk[] }
  readonly tests: readonly Case[]
}

const vectors = inject('vectors')?.['wycheproof/json_web_key_test.json'] as
  { readonly testGroups: readonly Group[] } | undefined
const cases = (vectors?.testGroups ?? []).flatMap((group) =>
  group.tests.map((test) => ({ ...test, keys: (group.public ?? group.private).keys })),
)
const verifier = createSignatureVerifier()

/**
 * `accepted`, or the reason of the first refusal; the key is the only one of that name. The payloads are no
 * JSON: the gate reads claims in their place, and the signature is that of the vector.
 */
async function judge({ jws, keys }: (typeof cases)[number]): Promise<string> {
  expect(readCompactJws(jws, 'client-assertion')).toMatchObject({ ok: false })
  const read = readCompactJws(withClaims(jws), 'client-assertion')
  if (!read.ok) return read.refusal.reason
  const [named, ...others] = keys.filter(({ kid }) => kid === read.value.kid)
  if (named === undefined || others.length > 0) return 'kid_ambiguous'
  const key = publicJwk(named)
  if (!key.ok) return key.refusal.reason
  const verified = await verifier.verify({ ...read.value, compact: jws }, key.value)
  return verified.ok ? 'accepted' : verified.refusal.reason
}

/** The first key of a vector as if it were for PS256, so that only its numbers can be at fault. */
function numbersFault(tcId: number): string | undefined {
  const jwk = cases.find((test) => test.tcId === tcId)?.keys[0]
  const read = publicJwk({ ...jwk, alg: 'PS256', use: 'sig' })
  return read.ok ? publicKeyFault(read.value) : read.refusal.fault
}

describe.skipIf(vectors === undefined)(
  'Wycheproof JsonWebKey in workerd (G11; skipped without ../shared/vectors)',
  () => {
    it('has the vectors that the counts below are about', () => {
      expect(cases).toHaveLength(26)
      expect(cases.filter(({ result }) => result === 'invalid')).toHaveLength(21)
    })

    it('J27–J29: accepts none; the valid ones are all HS* or RS* and refused for that', async () => {
      const reasons = await Promise.all(cases.map(judge))
      const of = (result: string) => reasons.filter((_, at) => cases[at]?.result === result)
      expect(of('invalid')).toHaveLength(21)
      expect(of('invalid')).not.toContain('accepted')
      expect(of('valid')).toEqual(Array.from({ length: 5 }, () => 'alg_not_allowed'))
    })

    it.each([
      { tcId: 19, what: 'a P-256 key of algorithm ES521' },
      { tcId: 20, what: 'a P-256 key of algorithm ES224' },
      { tcId: 21, what: 'a P-256 key for encryption' },
      { tcId: 22, what: 'a point beside the curve' },
      { tcId: 23, what: 'a P-256 point on P-384' },
      { tcId: 24, what: 'a P-256 point as RSA key' },
    ])('J28, J29: refuses vector $tcId, $what, for its key', async ({ tcId }) => {
      const test = cases.find((candidate) => candidate.tcId === tcId)
      expect(test === undefined ? undefined : await judge(test)).toBe('key_unusable')
    })

    it('J28: accepts the point that vector 22 misses by one bit', async () => {
      const test = cases.find(({ tcId }) => tcId === 22)
      const [key] = test?.keys ?? []
      const mended = { ...key, y: 'UI8exy-C06a7DUnjIdENkxeFtHM4-l_41LqEw9nVgmw' } as unknown as Jwk
      expect(test === undefined ? undefined : await judge({ ...test, keys: [mended] })).toBe(
        'accepted',
      )
    })

    it.each([
      { tcId: 5, what: 'a sound key', fault: undefined },
      { tcId: 7, what: 'a modulus of the ROCA generator', fault: 'key_unusable' },
      { tcId: 8, what: 'a modulus of 1,024 bits', fault: 'modulus' },
      { tcId: 9, what: 'the exponent 1', fault: 'exponent' },
    ])('J27: vector $tcId, $what, has the fault $fault', ({ tcId, fault }) => {
      expect(numbersFault(tcId)).toBe(fault)
    })
  },
)
