import { CompactEncrypt, FlattenedEncrypt, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { jwsFaults, readCompactJws } from '../../src/domain/jws.ts'
import { JWS_PURPOSES, type JwsPurpose } from '../../src/domain/jws-purpose.ts'
import { compactJws, compactOf, GOOD, part } from '../support/compact-jws.ts'
import { utf8 } from '../../src/domain/base64url.ts'

const PURPOSES = Object.keys(JWS_PURPOSES) as readonly JwsPurpose[]
const goodOf = (purpose: JwsPurpose) => compactJws(GOOD[purpose].header, GOOD[purpose].payload)

const NOT_THREE_PARTS = {
  ok: false,
  refusal: { reason: 'token_malformed', fault: 'not_three_parts' },
}

/** A compact JWE around a token, as a specification that knows encryption would nest it. */
async function encrypted(inner: string, alg: 'ECDH-ES' | 'RSA-OAEP-256', zip: object = {}) {
  const { publicKey } = await generateKeyPair(alg)
  return new CompactEncrypt(utf8(inner))
    .setProtectedHeader({ alg, enc: 'A256GCM', cty: 'JWT', ...zip })
    .encrypt(publicKey)
}

describe('encrypted tokens: refused until encryption is offered', () => {
  it.each(PURPOSES)('accepts the plain %s that those below are made of', (purpose) => {
    expect(readCompactJws(goodOf(purpose), purpose)).toMatchObject({ ok: true })
  })

  it.each(PURPOSES)(
    'J31: refuses a JWE where %s is expected, whatever is inside',
    async (purpose) => {
      const unsigned = compactOf('{"alg":"none"}', JSON.stringify(GOOD[purpose].payload))
      for (const inner of [goodOf(purpose), unsigned])
        for (const alg of ['ECDH-ES', 'RSA-OAEP-256'] as const)
          expect(readCompactJws(await encrypted(inner, alg), purpose)).toEqual(NOT_THREE_PARTS)
    },
  )

  it.each([
    { alg: 'dir', enc: 'A256GCM' },
    { alg: 'RSA1_5', enc: 'A128CBC-HS256' },
    { alg: 'PBES2-HS512+A256KW', p2c: 2 ** 31, p2s: 'AAAA', enc: 'A256GCM' },
    { alg: 'ECDH-ES', epk: { kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) }, enc: 'A256GCM' },
    { alg: 'ECDH-ES', enc: 'none' },
  ])('J30: refuses a JWE with $alg and $enc without a look at its key', (header) => {
    const five = [JSON.stringify(header), '', 'initialization', 'text', 'tag'].map(part).join('.')
    expect(readCompactJws(five, 'request-object')).toEqual(NOT_THREE_PARTS)
    // With as many parts as a JWS, its algorithm is none that signs.
    const three = readCompactJws(compactOf(JSON.stringify(header), '{}'), 'request-object')
    const faults = three.ok ? [] : jwsFaults(three.refusal)
    expect(faults).toContainEqual({ reason: 'header_not_allowed', header: 'enc' })
    expect(faults).toContainEqual({ reason: 'alg_not_allowed' })
  })

  it('J30: refuses a JWE in JSON, with headers that nothing protects', async () => {
    const { publicKey } = await generateKeyPair('ECDH-ES')
    const flattened = await new FlattenedEncrypt(utf8(goodOf('request-object')))
      .setProtectedHeader({ enc: 'A256GCM' })
      .setUnprotectedHeader({ alg: 'ECDH-ES' })
      .encrypt(publicKey)
    expect(readCompactJws(flattened, 'request-object')).toEqual({
      ok: false,
      refusal: { reason: 'token_malformed', fault: 'not_text' },
    })
  })

  it('J31: refuses a signature around an encrypted token', async () => {
    const inner = await encrypted(goodOf('request-object'), 'ECDH-ES')
    const { header } = GOOD['request-object']
    expect(
      readCompactJws(compactOf(JSON.stringify(header), inner), 'request-object'),
    ).toMatchObject({ ok: false, refusal: { reason: 'json_invalid' } })
    expect(
      readCompactJws(compactJws({ ...header, cty: 'JWE' }, {}), 'request-object'),
    ).toMatchObject({ ok: false, refusal: { reason: 'header_not_allowed', header: 'cty' } })
  })
})
