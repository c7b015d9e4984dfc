import { describe, expect, it } from 'vitest'
import { checkJwtTimes, type JwtTimeRules } from '../../src/domain/jwt-times.ts'
import { EXPIRY_SKEW_SECONDS, FUTURE_SKEW_SECONDS } from '../../src/domain/limits.ts'
import { epochSeconds } from '../../src/domain/time.ts'

const now = epochSeconds(1_768_478_400) // 2026-01-15T12:00:00Z
const YEAR = 366 * 24 * 60 * 60

const OPEN: JwtTimeRules = { required: [], lifetime: undefined, age: undefined }
const ASSERTION: JwtTimeRules = {
  required: ['iat', 'exp'],
  lifetime: { from: 'iat', maxSeconds: 300 },
  age: undefined,
}
const REQUEST_OBJECT: JwtTimeRules = {
  required: ['nbf', 'exp'],
  lifetime: { from: 'nbf', maxSeconds: 3_600 },
  age: { from: 'nbf', maxSeconds: 3_600 },
}
const PROOF: JwtTimeRules = {
  required: ['iat'],
  lifetime: undefined,
  age: { from: 'iat', maxSeconds: 60 },
}

type Claims = Parameters<typeof checkJwtTimes>[0]
const check = (claims: Claims, rules: JwtTimeRules) => checkJwtTimes(claims, rules, now)
const refused = (...findings: readonly object[]) => ({ ok: false, refusal: findings })
const assertion: Claims = { iat: now, exp: now + 300 }

describe('checkJwtTimes: numbers (RFC 7519 §2, §4.1.4–4.1.6)', () => {
  it('accepts the claims every refusal below is made from, and hands out their times', () => {
    expect(check({ ...assertion, nbf: now }, ASSERTION)).toEqual({
      ok: true,
      value: { iat: now, nbf: now, exp: now + 300 },
    })
    expect(check({}, OPEN)).toEqual({
      ok: true,
      value: { iat: undefined, nbf: undefined, exp: undefined },
    })
  })

  const NO_DATES = [null, '', 'abc', String(now), 1e308, -1, now + 0.5, true, [], {}, [now]]

  it.each(
    (['iat', 'nbf', 'exp'] as const).flatMap((claim) =>
      NO_DATES.map((value) => ({ claim, value })),
    ),
  )('J19: refuses $claim of $value, required or not', ({ claim, value }) => {
    const finding = { reason: 'time_invalid', claim }
    expect(check({ [claim]: value }, OPEN)).toEqual(refused(finding))
    expect(check({ [claim]: value }, { ...OPEN, required: [claim] })).toEqual(refused(finding))
  })

  it('J19: refuses an exp of zero, accepts one of the first second as long past', () => {
    expect(check({ exp: 0 }, OPEN)).toEqual(refused({ reason: 'time_invalid', claim: 'exp' }))
    expect(check({ exp: 1 }, OPEN)).toMatchObject(refused({ reason: 'expired', claim: 'exp' }))
    expect(check({ nbf: 0 }, OPEN)).toMatchObject({ ok: true })
  })

  it('J19: accepts the last second of the year 9999 and refuses the next one', () => {
    expect(check({ exp: 253_402_300_799 }, OPEN)).toMatchObject({ ok: true })
    expect(check({ exp: 253_402_300_800 }, OPEN)).toEqual(
      refused({ reason: 'time_invalid', claim: 'exp' }),
    )
  })

  it.each(['iat', 'nbf', 'exp'] as const)('J19: refuses the absence of a required %s', (claim) => {
    const rules = { ...OPEN, required: [claim] }
    expect(check({}, rules)).toEqual(refused({ reason: 'time_invalid', claim }))
    expect(check({ [claim]: now }, rules)).toMatchObject({ ok: true })
  })

  it('J22: refuses the absence of what a limit is measured by', () => {
    expect(check({}, { ...REQUEST_OBJECT, required: [] })).toEqual(
      refused({ reason: 'time_invalid', claim: 'nbf' }, { reason: 'time_invalid', claim: 'exp' }),
    )
    expect(check({}, { ...PROOF, required: [] })).toEqual(
      refused({ reason: 'time_invalid', claim: 'iat' }),
    )
  })

  it.each(['iat', 'nbf'] as const)('J19: refuses an exp that is not after %s', (start) => {
    const finding = { reason: 'time_invalid', claim: 'exp' }
    expect(check({ [start]: now + 10, exp: now + 10 }, OPEN)).toEqual(refused(finding))
    expect(check({ [start]: now + 10, exp: now + 9 }, OPEN)).toEqual(refused(finding))
    expect(check({ [start]: now + 10, exp: now + 11 }, OPEN)).toMatchObject({ ok: true })
  })
})

describe.each(['iat', 'nbf'] as const)('checkJwtTimes: %s ahead of our clock', (claim) => {
  it.each([
    { ahead: -YEAR, accepted: true },
    { ahead: 0, accepted: true },
    { ahead: 8, accepted: true },
    { ahead: 59, accepted: true },
    { ahead: FUTURE_SKEW_SECONDS, accepted: true },
    { ahead: FUTURE_SKEW_SECONDS + 1, accepted: false },
    { ahead: 10 * YEAR, accepted: false },
  ])('J21: at $ahead seconds it is accepted: $accepted', ({ ahead, accepted }) => {
    const at = now + ahead
    const checked = check({ [claim]: at }, OPEN)
    if (accepted) expect(checked).toMatchObject({ ok: true })
    else expect(checked).toEqual(refused({ reason: 'not_yet_valid', claim, at, now }))
  })
})

describe('checkJwtTimes: both of iat and nbf count', () => {
  it('J20: refuses iat ten years ahead with nbf in the past', () => {
    const at = now + 10 * YEAR
    expect(check({ iat: at, nbf: now - 10 }, OPEN)).toEqual(
      refused({ reason: 'not_yet_valid', claim: 'iat', at, now }),
    )
    expect(check({ iat: now, nbf: now - 10 }, OPEN)).toMatchObject({ ok: true })
  })

  it('J20: refuses nbf ahead with iat in the past', () => {
    const at = now + 61
    expect(check({ iat: now - 10, nbf: at }, OPEN)).toEqual(
      refused({ reason: 'not_yet_valid', claim: 'nbf', at, now }),
    )
  })
})

describe('checkJwtTimes: exp behind our clock', () => {
  it.each([
    { ago: -1, accepted: true },
    { ago: 0, accepted: true },
    { ago: EXPIRY_SKEW_SECONDS, accepted: true },
    { ago: EXPIRY_SKEW_SECONDS + 1, accepted: false },
    { ago: 299, accepted: false },
    { ago: 300, accepted: false },
  ])('J21: $ago seconds ago it is accepted: $accepted', ({ ago, accepted }) => {
    const at = now - ago
    const checked = check({ exp: at }, OPEN)
    if (accepted) expect(checked).toMatchObject({ ok: true })
    else expect(checked).toEqual(refused({ reason: 'expired', claim: 'exp', at, now }))
  })
})

describe('checkJwtTimes: lifetime and age', () => {
  it.each([
    { what: 'an assertion', rules: ASSERTION, claims: { iat: now, exp: now + 300 } },
    { what: 'a request object', rules: REQUEST_OBJECT, claims: { nbf: now, exp: now + 3_600 } },
  ])('J22: accepts the longest life of $what and refuses a second more', ({ rules, claims }) => {
    expect(check(claims, rules)).toMatchObject({ ok: true })
    const maxSeconds = rules.lifetime?.maxSeconds ?? 0
    expect(check({ ...claims, exp: claims.exp + 1 }, rules)).toEqual(
      refused({ reason: 'lifetime_too_long', lifetimeSeconds: maxSeconds + 1, maxSeconds }),
    )
  })

  it.each([
    { when: 'an assertion of a day', rules: ASSERTION, claims: { iat: now, exp: now + 86_400 } },
    {
      when: 'a request object of 61 minutes',
      rules: REQUEST_OBJECT,
      claims: { nbf: now, exp: now + 3_660 },
    },
    {
      when: 'a presentation of 30 days',
      rules: ASSERTION,
      claims: { iat: now, exp: now + 30 * 86_400 },
    },
  ])('J22: refuses $when', ({ rules, claims }) => {
    expect(check(claims, rules)).toMatchObject({
      ok: false,
      refusal: [{ reason: 'lifetime_too_long' }],
    })
  })

  it.each([
    {
      what: 'a request object',
      rules: { ...REQUEST_OBJECT, required: [] },
      claim: 'nbf',
      maxSeconds: 3_600,
    },
    { what: 'a DPoP proof', rules: PROOF, claim: 'iat', maxSeconds: 60 },
  ])('J22: accepts the highest age of $what and refuses a second more', (row) => {
    const rules = { ...row.rules, lifetime: undefined }
    const aged = (seconds: number) => check({ [row.claim]: now - seconds }, rules)
    expect(aged(row.maxSeconds)).toMatchObject({ ok: true })
    const at = now - row.maxSeconds - 1
    expect(aged(row.maxSeconds + 1)).toEqual(
      refused({ reason: 'expired', claim: row.claim, at, now }),
    )
  })
})

describe('checkJwtTimes: every finding is reported', () => {
  it('lists all that is wrong with one token', () => {
    const [iat, exp] = [now + 100, now - 50]
    expect(check({ iat, nbf: 'soon', exp }, { ...ASSERTION, required: ['nbf'] })).toEqual(
      refused(
        { reason: 'time_invalid', claim: 'nbf' },
        { reason: 'time_invalid', claim: 'exp' },
        { reason: 'not_yet_valid', claim: 'iat', at: iat, now },
        { reason: 'expired', claim: 'exp', at: exp, now },
      ),
    )
  })

  it('J22: reports age, expiry and lifetime beside each other', () => {
    const [nbf, exp] = [now - 7_300, now - 100]
    expect(check({ nbf, exp }, REQUEST_OBJECT)).toEqual(
      refused(
        { reason: 'expired', claim: 'exp', at: exp, now },
        { reason: 'expired', claim: 'nbf', at: nbf, now },
        { reason: 'lifetime_too_long', lifetimeSeconds: 7_200, maxSeconds: 3_600 },
      ),
    )
  })
})
