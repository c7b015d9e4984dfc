import { describe, expect, it } from 'vitest'
import { decodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import { jwsFaults, readCompactJws } from '../../src/domain/jws.ts'
import { shortMediaType } from '../../src/domain/jws-header.ts'
import { JWS_PURPOSES, type JwsPurpose } from '../../src/domain/jws-purpose.ts'
import { compactJws, GOOD, part } from '../support/compact-jws.ts'
import { compactMac } from '../support/mac.ts'
import { PUBLIC_KEYS } from '../support/public-keys.ts'

const PURPOSES = Object.keys(JWS_PURPOSES) as readonly JwsPurpose[]
const BY_KID = PURPOSES.filter((purpose) => purpose !== 'dpop-proof')

/** The good token of `purpose` with its header changed; `undefined` takes a member away. */
const withHeader = (purpose: JwsPurpose, change: Readonly<Record<string, unknown>>) =>
  readCompactJws(compactJws({ ...GOOD[purpose].header, ...change }, GOOD[purpose].payload), purpose)
const refusal = (reason: string, more?: object) => ({ ok: false, refusal: { reason, ...more } })

describe.each(PURPOSES)('header rules for %s (RFC 7515 §4, RFC 8725 §3)', (purpose) => {
  it('accepts the header every refusal below is made from', () => {
    expect(withHeader(purpose, {})).toMatchObject({ ok: true, value: { purpose } })
  })

  it.each(['none', 'None', 'nOnE', 'NONE'])('J1: refuses alg %s with any signature', (alg) => {
    const header = part(JSON.stringify({ ...GOOD[purpose].header, alg }))
    const payload = part(JSON.stringify(GOOD[purpose].payload))
    for (const signature of ['', 'junk!', 'AAAA'])
      expect(readCompactJws(`${header}.${payload}.${signature}`, purpose)).toEqual(
        refusal('alg_not_allowed'),
      )
  })

  it.each(['HS256', 'HS384', 'HS512'])('J2: refuses %s, whatever the secret', (alg) => {
    expect(withHeader(purpose, { alg })).toEqual(refusal('alg_not_allowed'))
  })

  it.each([
    { secret: 'the JWK of the Ed25519 key', bytes: utf8(JSON.stringify(PUBLIC_KEYS.Ed25519)) },
    { secret: 'the x of the Ed25519 key', bytes: decodeBase64url(PUBLIC_KEYS.Ed25519.x) },
    { secret: 'the JWK of the P-256 key', bytes: utf8(JSON.stringify(PUBLIC_KEYS['P-256'])) },
    { secret: 'the JWK of the RSA key', bytes: utf8(JSON.stringify(PUBLIC_KEYS.RSA)) },
  ])('J2: refuses an HS256 that is genuine under $secret', async ({ bytes }) => {
    const { header, payload } = GOOD[purpose]
    const mac = await compactMac({ ...header, alg: 'HS256' }, payload, bytes ?? utf8(''))
    expect(readCompactJws(mac, purpose)).toEqual(refusal('alg_not_allowed'))
  })

  it.each(['RS256', 'RS512', 'PS384', 'PS512', 'ES512', 'ES256K', 'Ed448', 'ML-DSA-44'])(
    'J3: refuses %s, which is outside the profile',
    (alg) => {
      expect(withHeader(purpose, { alg })).toEqual(refusal('alg_not_allowed'))
    },
  )

  it.each(['EdDSA', 'Ed25519', 'ES256', 'PS256'])('J3: accepts %s of the profile', (alg) => {
    const read = withHeader(purpose, { alg })
    expect(read).toMatchObject({
      ok: true,
      value: { alg: alg === 'Ed25519' ? 'EdDSA' : alg },
    })
  })

  it.each([undefined, null, 1, '', 'eddsa', 'es256', ['EdDSA'], { alg: 'EdDSA' }])(
    'J3: refuses %j as alg',
    (alg) => {
      expect(withHeader(purpose, { alg })).toEqual(refusal('alg_not_allowed'))
    },
  )

  it.each([
    { row: 'J6', member: 'jku', value: 'http://169.254.169.254/latest' },
    { row: 'J6', member: 'jku', value: 'https://keys.example/jwks' },
    { row: 'J6', member: 'x5u', value: 'file:///etc/passwd' },
    { row: 'J7', member: 'x5c', value: ['MIIB'] },
    { row: 'J8', member: 'crit', value: ['x'] },
    { row: 'J8', member: 'crit', value: [] },
    { row: 'J8', member: 'crit', value: ['alg'] },
    { row: 'J8', member: 'crit', value: ['exp', 'exp'] },
    { row: 'J9', member: 'b64', value: false },
    { row: 'J9', member: 'b64', value: true },
    { row: 'J9', member: 'crit', value: ['b64'] },
    { row: 'J10', member: 'cty', value: 'JWT' },
    { row: 'J10', member: 'cty', value: 'jwt' },
    { row: 'J10', member: 'cty', value: '' },
    { row: 'J10', member: 'cty', value: null },
    { row: 'J30', member: 'zip', value: 'DEF' },
  ])('$row: refuses the member $member with $value', ({ member, value }) => {
    expect(withHeader(purpose, { [member]: value })).toEqual(
      refusal('header_not_allowed', { header: member }),
    )
  })

  it.each(['enc', 'epk', 'apu', 'apv', 'iv', 'tag', 'p2s', 'p2c'])(
    'J31: refuses the member %s, which only a JWE has',
    (member) => {
      expect(withHeader(purpose, { [member]: 'A256GCM' })).toEqual(
        refusal('header_not_allowed', { header: member }),
      )
    },
  )

  it('J1, J6, J8: names all that is wrong with a header at once', () => {
    const read = withHeader(purpose, { alg: 'none', crit: ['x'], jku: 'https://keys.example/' })
    expect(read.ok ? [] : jwsFaults(read.refusal)).toEqual([
      { reason: 'header_not_allowed', header: 'crit' },
      { reason: 'header_not_allowed', header: 'jku' },
      { reason: 'alg_not_allowed' },
    ])
  })

  it.each([
    { row: 'J7', member: 'x5t', value: 'MHg1dA' },
    { row: 'J7', member: 'x5t#S256', value: 'MHg1dCNTMjU2' },
    { row: 'J8', member: 'critical', value: ['x'] },
    { row: 'J10', member: 'content', value: 'JWT' },
    { row: 'A10', member: 'iat', value: 1 },
  ])('$row: ignores the member $member, which decides nothing', ({ member, value }) => {
    expect(withHeader(purpose, { [member]: value })).toMatchObject({ ok: true })
  })
})

describe('alg by purpose (rule F6)', () => {
  const accepting = PURPOSES.filter((purpose) => withHeader(purpose, { alg: 'ES384' }).ok)

  it('J3: accepts ES384 for what issuers and verifiers sign and for nothing else', () => {
    expect(accepting).toEqual([
      'credential-vcdm2',
      'credential-vcdm1',
      'token-status-list',
      'decision-receipt',
      'client-decision',
      'archive-seal',
    ])
  })
})

describe('cty by purpose (VC-JOSE-COSE §3)', () => {
  it('J10: accepts vc for a VCDM 2.0 credential and vp for a VCDM 2.0 presentation alone', () => {
    const accepting = (cty: string) => PURPOSES.filter((purpose) => withHeader(purpose, { cty }).ok)
    expect(accepting('vc')).toEqual(['credential-vcdm2'])
    expect(accepting('vp')).toEqual(['presentation-vcdm2'])
    expect(accepting('VC')).toEqual(['credential-vcdm2'])
    expect(accepting('application/vc')).toEqual(['credential-vcdm2'])
    expect(accepting('application/vp')).toEqual(['presentation-vcdm2'])
    expect(accepting('text/vc')).toEqual([])
    expect(accepting('vc+jwt')).toEqual([])
  })

  it('J10: needs no cty anywhere', () => {
    for (const purpose of PURPOSES)
      expect(withHeader(purpose, { cty: undefined })).toMatchObject({ ok: true })
  })
})

describe.each(BY_KID)('the key of %s', (purpose) => {
  it('J5: refuses a jwk, be it a sound key or none at all', () => {
    const refused = refusal('header_not_allowed', { header: 'jwk' })
    expect(withHeader(purpose, { jwk: PUBLIC_KEYS.Ed25519 })).toEqual(refused)
    expect(withHeader(purpose, { jwk: null })).toEqual(refused)
  })

  it.each([undefined, null, '', 1, ['did:web:issuer.example#key-1']])(
    'K1: refuses %j as kid',
    (kid) => {
      expect(withHeader(purpose, { kid })).toEqual(refusal('kid_missing'))
    },
  )

  it('K1: takes any other kid as it stands: whose it is, the key selection decides', () => {
    const kid = "did:web:other.example#' OR 1=1"
    expect(withHeader(purpose, { kid })).toMatchObject({ ok: true, value: { kid } })
  })
})

describe('the key of a DPoP proof (RFC 9449 §4.3)', () => {
  const proof = (jwk: unknown) => withHeader('dpop-proof', { jwk })

  it('J5: hands out the jwk of the header, and no kid even where one stands', () => {
    expect(withHeader('dpop-proof', { kid: 'did:web:issuer.example#key-1' })).toMatchObject({
      ok: true,
      value: { jwk: PUBLIC_KEYS['P-256'], kid: undefined },
    })
  })

  it('A10: refuses a proof without jwk', () => {
    expect(proof(undefined)).toEqual(refusal('key_unusable', { fault: 'not_an_object' }))
  })

  it.each([
    {
      when: 'a private key',
      jwk: { ...PUBLIC_KEYS['P-256'], d: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAI' },
      fault: 'private_member',
    },
    { when: 'a secret', jwk: { kty: 'oct', k: 'c2VjcmV0' }, fault: 'private_member' },
    { when: 'a text', jwk: 'did:web:issuer.example#key-1', fault: 'not_an_object' },
    { when: 'null', jwk: null, fault: 'not_an_object' },
    {
      when: 'a key for encryption',
      jwk: { ...PUBLIC_KEYS['P-256'], use: 'enc' },
      fault: 'use',
    },
  ])('A10: refuses $when as jwk', ({ jwk, fault }) => {
    expect(proof(jwk)).toEqual(refusal('key_unusable', { fault }))
  })
})

describe('shortMediaType (RFC 7515 §4.1.9)', () => {
  it.each([
    { typ: 'JWT', short: 'jwt' },
    { typ: 'application/JWT', short: 'jwt' },
    { typ: 'APPLICATION/vc+jwt', short: 'vc+jwt' },
    { typ: 'text/jwt', short: 'text/jwt' },
    { typ: 'application/application/jwt', short: 'application/application/jwt' },
    { typ: 'application/', short: '' },
  ])('reads $typ as $short', ({ typ, short }) => {
    expect(shortMediaType(typ)).toBe(short)
  })
})
