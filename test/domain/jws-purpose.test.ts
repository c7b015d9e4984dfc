import { describe, expect, it } from 'vitest'
import { readCompactJws, readCredentialJws, readPresentationJws } from '../../src/domain/jws.ts'
import { JWS_PURPOSES, type JwsPurpose } from '../../src/domain/jws-purpose.ts'
import { compactJws, GOOD } from '../support/compact-jws.ts'

const PURPOSES = Object.keys(JWS_PURPOSES) as readonly JwsPurpose[]
const MISMATCH = { ok: false, refusal: { reason: 'typ_mismatch' } }

/** Every purpose that accepts its own good token once its `typ` is this one. */
const purposesOf = (typ: unknown): readonly JwsPurpose[] =>
  PURPOSES.filter((purpose) => {
    const { header, payload } = GOOD[purpose]
    const read = readCompactJws(compactJws({ ...header, typ }, payload), purpose)
    if (!read.ok) expect(read).toEqual(MISMATCH)
    return read.ok
  })

/** The good token of `purpose`, with claims added. */
const withClaims = (purpose: JwsPurpose, claims: Readonly<Record<string, unknown>>) =>
  readCompactJws(compactJws(GOOD[purpose].header, { ...GOOD[purpose].payload, ...claims }), purpose)

describe('typ by purpose (RFC 8725 §3.11)', () => {
  const UNTYPED = [
    'credential-vcdm1',
    'presentation-vcdm1',
    'software-statement',
    'request-object',
    'client-assertion',
  ] as const

  it.each([
    { typ: 'vc+jwt', accepting: ['credential-vcdm2'] },
    { typ: 'vp+jwt', accepting: ['presentation-vcdm2'] },
    { typ: 'statuslist+jwt', accepting: ['token-status-list'] },
    { typ: 'software-statement+jwt', accepting: ['software-statement'] },
    { typ: 'oauth-authz-req+jwt', accepting: ['request-object'] },
    { typ: 'client-authentication+jwt', accepting: ['client-assertion'] },
    { typ: 'dpop+jwt', accepting: ['dpop-proof'] },
    { typ: 'lso-receipt+jwt', accepting: ['decision-receipt'] },
    { typ: 'lso-decision+jwt', accepting: ['client-decision'] },
    { typ: 'lso-archive+jwt', accepting: ['archive-seal'] },
    { typ: 'JWT', accepting: UNTYPED },
    { typ: undefined, accepting: UNTYPED },
    { typ: 'at+jwt', accepting: [] },
    { typ: 'logout+jwt', accepting: [] },
    { typ: 'secevent+jwt', accepting: [] },
    { typ: 'vc+sd-jwt', accepting: [] },
    { typ: 'vc+jwt; charset=utf-8', accepting: [] },
    { typ: 'vc+jwt ', accepting: [] },
    { typ: '', accepting: [] },
    { typ: null, accepting: [] },
    { typ: ['JWT'], accepting: [] },
    { typ: 1, accepting: [] },
  ])('J12: $typ is the type of $accepting', ({ typ, accepting }) => {
    expect(purposesOf(typ)).toEqual(accepting)
  })

  it.each([
    { typ: 'application/vc+jwt', accepting: ['credential-vcdm2'] },
    { typ: 'VC+JWT', accepting: ['credential-vcdm2'] },
    { typ: 'Application/DPoP+JWT', accepting: ['dpop-proof'] },
    { typ: 'jwt', accepting: UNTYPED },
    { typ: 'text/vc+jwt', accepting: [] },
    { typ: 'application/application/vc+jwt', accepting: [] },
  ])('J12: $typ is compared as a media type (RFC 7515 §4.1.9)', ({ typ, accepting }) => {
    expect(purposesOf(typ)).toEqual(accepting)
  })

  it('J12: no good token of one purpose is one of another, but for the untyped client tokens', () => {
    const crossings = PURPOSES.flatMap((made) =>
      PURPOSES.filter(
        (read) =>
          read !== made &&
          readCompactJws(compactJws(GOOD[made].header, GOOD[made].payload), read).ok,
      ).map((read) => `${made} as ${read}`),
    )
    // These have one type, or none, and are told apart by issuer, audience and their own claims.
    expect(crossings).toEqual([
      'software-statement as request-object',
      'software-statement as client-assertion',
      'client-assertion as software-statement',
      'client-assertion as request-object',
    ])
  })
})

describe('telling claims (VC-JOSE-COSE §3, VC Data Model 1.1 §6.3.1)', () => {
  const vc = { type: ['VerifiableCredential'] }
  const vp = { type: ['VerifiablePresentation'] }

  it('J12: only VCDM 1.1 has a vc or a vp claim, and never both', () => {
    const accepting = (claims: Readonly<Record<string, unknown>>) =>
      PURPOSES.filter((purpose) => {
        const read = withClaims(purpose, claims)
        if (!read.ok) expect(read).toEqual(MISMATCH)
        return read.ok
      })
    expect(accepting({})).toEqual(PURPOSES)
    expect(accepting({ vc })).toEqual(['credential-vcdm1'])
    expect(accepting({ vp })).toEqual(['presentation-vcdm1'])
    expect(accepting({ vc, vp })).toEqual([])
  })

  it.each([undefined, null, 'text', [], 1])('J12: refuses %j as the vc of VCDM 1.1', (value) => {
    expect(withClaims('credential-vcdm1', { vc: value })).toEqual(MISMATCH)
    expect(withClaims('credential-vcdm1', { vc })).toMatchObject({ ok: true })
  })

  it('J12: refuses an ID token, and the legacy claim member, as a credential', () => {
    const { header } = GOOD['credential-vcdm1']
    const legacy = compactJws(header, { iss: 'did:web:issuer.example', claim: { name: 'x' } })
    expect(readCredentialJws(legacy)).toEqual(MISMATCH)
  })
})

describe('readCredentialJws and readPresentationJws', () => {
  const token = (purpose: JwsPurpose, change: Readonly<Record<string, unknown>>) =>
    compactJws({ ...GOOD[purpose].header, ...change }, GOOD[purpose].payload)

  it.each([
    { typ: 'vc+jwt', purpose: 'credential-vcdm2' },
    { typ: 'application/vc+jwt', purpose: 'credential-vcdm2' },
    { typ: 'JWT', purpose: 'credential-vcdm1' },
    { typ: undefined, purpose: 'credential-vcdm1' },
  ] as const)('read $typ as $purpose', ({ typ, purpose }) => {
    expect(readCredentialJws(token(purpose, { typ }))).toMatchObject({
      ok: true,
      value: { purpose },
    })
  })

  it.each([
    { typ: 'vp+jwt', purpose: 'presentation-vcdm2' },
    { typ: 'VP+JWT', purpose: 'presentation-vcdm2' },
    { typ: 'JWT', purpose: 'presentation-vcdm1' },
    { typ: undefined, purpose: 'presentation-vcdm1' },
  ] as const)('read $typ as $purpose', ({ typ, purpose }) => {
    expect(readPresentationJws(token(purpose, { typ }))).toMatchObject({
      ok: true,
      value: { purpose },
    })
  })

  it('J12: refuse each other and every other kind of token', () => {
    const readable = (read: typeof readCredentialJws) =>
      PURPOSES.filter((purpose) => read(token(purpose, {})).ok)
    expect(readable(readCredentialJws)).toEqual(['credential-vcdm2', 'credential-vcdm1'])
    expect(readable(readPresentationJws)).toEqual(['presentation-vcdm2', 'presentation-vcdm1'])
  })

  it('J12: refuse a VCDM 2.0 type around VCDM 1.1 claims and the other way round', () => {
    expect(readCredentialJws(token('credential-vcdm1', { typ: 'vc+jwt' }))).toEqual(MISMATCH)
    expect(readCredentialJws(token('credential-vcdm2', { typ: 'JWT', cty: undefined }))).toEqual(
      MISMATCH,
    )
  })

  it('J18: refuse what is no token as the gate does', () => {
    for (const read of [readCredentialJws, readPresentationJws])
      expect(read({})).toEqual({
        ok: false,
        refusal: { reason: 'token_malformed', fault: 'not_text' },
      })
  })
})
