import { describe, expect, it } from 'vitest'
import type { InstanceKey } from '../../../src/domain/instance/instance.ts'
import { rotateKeys, type KeyRotation } from '../../../src/domain/instance/key-rotation.ts'
import {
  keyStandings,
  listedKeys,
  replacedAt,
  signingKey,
} from '../../../src/domain/instance/key-schedule.ts'
import { EXPIRY_SKEW_SECONDS, STATUS_LIST_LIFETIME_SECONDS } from '../../../src/domain/limits.ts'
import { epochSeconds, later } from '../../../src/domain/time.ts'

const T = epochSeconds(1_768_478_400)
const key = (kid: string, more: Partial<InstanceKey> = {}): InstanceKey => ({
  kid,
  verificationMethod: `did:web:trust.example:issuers:a#${kid}`,
  ...more,
})
const configured = [{ kid: 'a' }, { kid: 'b' }, { kid: 'c' }]
const signer = (keys: readonly InstanceKey[], at: number, among = configured) =>
  signingKey({ keys }, among, later(T, at))?.kid
const next = key('c', { listedAt: T, signsFrom: later(T, 100) })

describe('who signs', () => {
  it('is the first of the keys of the beginning that is configured', () => {
    const keys = [key('a'), key('b')]
    expect(signer(keys, 0)).toBe('a')
    expect(signer(keys, 0, [{ kid: 'b' }])).toBe('b')
    expect(signer(keys, 0, [])).toBeUndefined()
  })

  it('changes in the second that was written down, and back when the clock is set back', () => {
    const keys = [next, key('a')]
    expect([signer(keys, 99), signer(keys, 100), signer(keys, 99)]).toEqual(['a', 'c', 'a'])
  })

  it('is never one that was replaced, or that was withdrawn', () => {
    const keys = [next, key('a'), key('b')]
    expect(signer(keys, 100, [{ kid: 'a' }, { kid: 'b' }])).toBeUndefined()
    const withdrawn = { at: later(T, 150), why: 'compromised' } as const
    expect(signer([{ ...next, withdrawn }, key('a')], 200)).toBeUndefined()
  })

  it('stays the same when a key is withdrawn before its turn', () => {
    const withdrawn = { at: later(T, 50), why: 'retired' } as const
    expect(signer([{ ...next, withdrawn }, key('a')], 500)).toBe('a')
  })
})

describe('who is listed', () => {
  const LISTS = STATUS_LIST_LIFETIME_SECONDS + EXPIRY_SKEW_SECONDS

  it.each([
    { when: 'nothing was signed', last: undefined, until: 100 + LISTS },
    { when: 'all expires before the lists', last: later(T, 200), until: 100 + LISTS },
    {
      when: 'a credential outlives the lists',
      last: later(T, 10 * LISTS),
      until: 10 * LISTS + EXPIRY_SKEW_SECONDS,
    },
  ])('K4: a replaced key stays to the second when $when', ({ last, until }) => {
    const keys = [next, key('a')]
    const lastExpiries = last === undefined ? [] : [{ kid: 'a', lastExpiry: last }]
    const listed = (at: number) =>
      listedKeys({ keys, lastExpiries }, later(T, at)).map(({ kid }) => kid)
    expect([listed(until - 1), listed(until)]).toEqual([['c', 'a'], ['c']])
  })

  it('keys of the beginning that never signed leave with the one they stood in for', () => {
    const keys = [next, key('a'), key('b')]
    expect(replacedAt(key('b'), keys, later(T, 99))).toBeUndefined()
    expect(replacedAt(key('b'), keys, later(T, 100))).toBe(later(T, 100))
    const states = keyStandings({ keys, lastExpiries: [] }, T, 'c', later(T, 100))
    expect(states.map(({ state }) => state)).toEqual(['signing', 'verifying', 'verifying'])
  })
})

describe('two rotations in one second', () => {
  it('begin one second apart, so that neither key stands in for the other', () => {
    const facts = { configured, leastOverlapSeconds: 100, now: T }
    const issued = { lastExpiries: [], hasIssued: false, liveCredentials: () => 0 }
    const wish = (kid: string): KeyRotation => ({
      mode: 'planned',
      key: key(kid),
      overlapSeconds: 0,
    })
    const first = rotateKeys({ ...issued, keys: [key('a')] }, wish('b'), facts)
    expect(first).toMatchObject({ ok: true, value: { next: { signsFrom: T } } })
    const keys = first.ok ? first.value.keys : []
    const second = rotateKeys({ ...issued, keys }, wish('c'), facts)
    expect(second).toMatchObject({ ok: true, value: { next: { signsFrom: later(T, 1) } } })
  })
})
