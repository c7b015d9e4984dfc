import { describe, expect, inject, it } from 'vitest'
import { createSignatureVerifier } from '../../src/adapters/jose/signature-verifier.ts'
import { decodeBase64url } from '../../src/domain/base64url.ts'
import { publicJwk } from '../../src/domain/jwk.ts'
import { readCompactJws } from '../../src/domain/jws.ts'
import { withClaims } from '../support/compact-jws.ts'

interface Case {
  readonly tcId: number
  readonly result: 'valid' | 'invalid'
  readonly comment: string
  readonly jws: unknown
}
interface Group {
  readonly comment: string
  readonly public?: unknown
  readonly tests: readonly Case[]
}

const vectors = inject('vectors')?.['wycheproof/json_web_signature_test.json'] as
  { readonly testGroups: readonly Group[] } | undefined
const groups = vectors?.testGroups ?? []
const cases = groups.flatMap((group) => group.tests.map((test) => ({ ...test, group })))

const verifier = createSignatureVerifier()

/**
 * `accepted`, or the reason of the first refusal. The payloads are no JSON, for which the gate refuses them
 * all: so it reads claims in their place, and the signature is verified of the vector as it stands.
 */
async function judge({ jws, group }: (typeof cases)[number]): Promise<string> {
  expect(readCompactJws(jws, 'client-assertion')).toMatchObject({ ok: false })
  const read = readCompactJws(typeof jws === 'string' ? withClaims(jws) : jws, 'client-assertion')
  if (!read.ok) return read.refusal.reason
  const key = publicJwk(group.public)
  if (!key.ok) return key.refusal.reason
  const verified = await verifier.verify({ ...read.value, compact: String(jws) }, key.value)
  return verified.ok ? 'accepted' : verified.refusal.reason
}

/** Valid ones whose header and key name different algorithms, or one that is not registered. */
const FAULTY = ['346 Figure20', '347 Figure27', '350 Figure20', '351 Figure27']

/** Algorithms outside the profile: the groups that policy refuses, good and bad alike. */
const OUTSIDE = ['hs256', 'rs256', 'rs384', 'rs512', 'ps384', 'ps512', 'base64']
const byPolicy = (group: Group) =>
  OUTSIDE.includes(group.comment) || /"alg":"(HS|RS)/.test(JSON.stringify(group))

describe.skipIf(vectors === undefined)(
  'Wycheproof JsonWebSignature in workerd (G11; skipped without ../shared/vectors)',
  () => {
    it('has the vectors that the counts below are about', () => {
      expect(cases).toHaveLength(401)
      expect(cases.filter(({ result }) => result === 'invalid')).toHaveLength(355)
    })

    it('J1–J5, J17, J18, J24, J29: accepts no invalid vector', async () => {
      const falseAccepts: number[] = []
      for (const test of cases.filter(({ result }) => result === 'invalid'))
        if ((await judge(test)) === 'accepted') falseAccepts.push(test.tcId)
      expect(falseAccepts).toEqual([])
    })

    it('accepts the valid vectors of the profile, but for the faulty ones', async () => {
      const accepted: number[] = []
      const refused: string[] = []
      for (const test of cases.filter(({ result }) => result === 'valid'))
        if ((await judge(test)) === 'accepted') accepted.push(test.tcId)
        else if (!byPolicy(test.group)) refused.push(`${test.tcId} ${test.comment}`)
      expect(accepted).toEqual([18, 272, 273, 274, 275, 287, 288, 378])
      expect(refused).toEqual(FAULTY)
    })

    it('J2, J3: refuses every vector of an HS*, RS*, PS384 or PS512 group for its algorithm', async () => {
      const reasons = new Map<string, number>()
      for (const test of cases.filter(
        ({ group, result }) => byPolicy(group) && result === 'valid',
      )) {
        const reason = await judge(test)
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
      }
      // Vector 372 is called valid and has a character of no alphabet in its header.
      expect(Object.fromEntries(reasons)).toEqual({ alg_not_allowed: 33, token_malformed: 1 })
    })

    it('J4: refuses PS256 signatures under a key that is pinned to another algorithm', async () => {
      const confused = cases.filter(({ comment }) => comment.startsWith('UsingPS256'))
      expect(confused).toHaveLength(2)
      for (const test of confused) expect(await judge(test)).not.toBe('accepted')
    })

    it('J24: refuses every ECDSA signature with r or s out of range, and accepts its control', async () => {
      const special = cases.filter(({ group }) => group.comment === 'SpecialCaseEs256')
      const reasons = await Promise.all(special.map(judge))
      expect(reasons).toHaveLength(24)
      expect(reasons.filter((reason) => reason === 'signature_invalid')).toHaveLength(23)
      expect(reasons[0]).toBe('accepted')
    })

    it('J29: refuses the key that is for encryption or for other operations', async () => {
      const wrong = cases.filter(({ comment }) => /^rejectWrong(Use|KeyOps)$/.test(comment))
      expect(wrong).toHaveLength(4)
      const reasons = await Promise.all(wrong.map(judge))
      // The RSA ones say RS256 in the header and are refused for that before the key is looked at.
      expect(reasons.sort()).toEqual([
        'alg_not_allowed',
        'alg_not_allowed',
        'key_unusable',
        'key_unusable',
      ])
    })

    it('J17: decodes exactly the canonical parts of the base64 group', () => {
      const base64 = cases.filter(({ group }) => group.comment === 'base64')
      expect(base64).toHaveLength(21)
      const good = new Set(base64.filter(({ result }) => result === 'valid').map(({ jws }) => jws))
      const undecodable = base64.filter(({ jws }) =>
        String(jws)
          .split('.')
          .some((part) => decodeBase64url(part) === undefined),
      )
      expect(undecodable.map(({ tcId }) => tcId)).toEqual([
        360, 361, 362, 363, 364, 365, 366, 368, 369, 371, 372, 373, 374, 375,
      ])
      // 367 and 370 are, letter for letter, the valid 357.
      const sameTextAsValid = base64.filter(
        ({ jws, result }) => result === 'invalid' && good.has(jws),
      )
      expect(sameTextAsValid.map(({ tcId }) => tcId)).toEqual([367, 370])
    })
  },
)
