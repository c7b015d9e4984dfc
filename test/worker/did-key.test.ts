import { ed25519, ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519'
import { describe, expect, it } from 'vitest'
import { createDidResolver } from '../../src/adapters/did/create-did-resolver.ts'
import { publicKeyFault } from '../../src/adapters/jose/key-quality.ts'
import { didKeyOf } from '../../src/adapters/did/did-key-of.ts'
import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import type { Did } from '../../src/domain/did/did.ts'
import { verificationMethodFor } from '../../src/domain/did/verification-method.ts'
import { thumbprintInput, type PublicJwk } from '../../src/domain/jwk.ts'
import { DID, didOf, KEY_1, method, NOW, source } from '../support/did-documents.ts'
import { didKeyOfBytes, PREFIXES } from '../support/did-keys.ts'
import { fakeFetch, NOTHING_HOSTED, setClock } from '../support/fake-fetch.ts'
import { PUBLIC_KEYS } from '../support/public-keys.ts'

const fetch = fakeFetch()
const resolver = createDidResolver({ clock: setClock(NOW), fetch, hosted: NOTHING_HOSTED })
const INVALID = { ok: false, refusal: { reason: 'did_invalid' } }

const GENUINE = ed25519.Point.fromBytes(ed25519.getPublicKey(new Uint8Array(32).fill(7)))
const P = ed25519.Point.Fp.ORDER
const littleEndian = (value: bigint) =>
  Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(8 * at)) & 255n))
const torsion = ED25519_TORSION_SUBGROUP.map((hex) => ed25519.Point.fromHex(hex))

/** Keys that verify what their holder never signed, on one platform or another. */
const UNSOUND = [
  ...torsion.map((point, at) => ({ what: `small order, ${String(at)}`, x: point.toBytes() })),
  ...torsion
    .filter((point) => !point.is0())
    .map((point, at) => ({
      what: `mixed order, ${String(at)}`,
      x: GENUINE.add(point).toBytes(),
    })),
  ...[P, P + 1n, P + 3n, 2n ** 255n - 1n].map((y) => ({
    what: `not reduced, p + ${String(y - P)}`,
    x: littleEndian(y),
  })),
  { what: 'the identity with a sign', x: littleEndian(1n + (1n << 255n)) },
  { what: 'a y of no point', x: littleEndian(2n) },
]
const jwkOf = (x: Uint8Array): PublicJwk => ({ kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(x) })
const didJwkOf = (jwk: PublicJwk): Did =>
  didOf(`did:jwk:${encodeBase64url(utf8(thumbprintInput(jwk)))}`)

describe('Ed25519 keys at import (inside workerd)', () => {
  it('J26: accepts the genuine key that every refusal below is made from', async () => {
    const x = GENUINE.toBytes()
    expect((await resolver.resolve(didKeyOfBytes(PREFIXES.Ed25519, x))).ok).toBe(true)
    expect((await resolver.resolve(didJwkOf(jwkOf(x)))).ok).toBe(true)
  })

  it.each(UNSOUND)('J26, D15: refuses a key of $what in did:key and did:jwk', async ({ x }) => {
    expect(await resolver.resolve(didKeyOfBytes(PREFIXES.Ed25519, x))).toMatchObject(INVALID)
    expect(await resolver.resolve(didJwkOf(jwkOf(x)))).toMatchObject(INVALID)
  })

  it.each(UNSOUND)('J26: gives a key of $what in a did:web no use', async ({ x }) => {
    const url = 'https://client.example/.well-known/did.json'
    fetch.answers.set(url, {
      json: source({ verificationMethod: [method({ publicKeyJwk: jwkOf(x) })] }),
    })
    const fresh = createDidResolver({ clock: setClock(NOW), fetch, hosted: NOTHING_HOSTED })
    const resolved = await fresh.resolve(DID)
    expect(
      resolved.ok && verificationMethodFor(resolved.value.document, 'authentication', KEY_1, NOW),
    ).toEqual({ ok: false, refusal: { reason: publicKeyFault(jwkOf(x)) } })
  })
})

describe('keys of every type (inside workerd)', () => {
  it.each(Object.entries(PUBLIC_KEYS).map(([name, jwk]) => ({ name, jwk })))(
    'D16: resolves a $name key, which WebCrypto need not know',
    async ({ jwk }) => {
      expect((await resolver.resolve(didKeyOf(jwk))).ok).toBe(true)
      expect((await resolver.resolve(didJwkOf(jwk))).ok).toBe(true)
    },
  )

  it('reads a Multikey in a did:web', async () => {
    const multikey = didKeyOf(PUBLIC_KEYS['P-384']).slice('did:key:'.length)
    const { publicKeyJwk: _key, ...rest } = method({
      type: 'Multikey',
      publicKeyMultibase: multikey,
    })
    fetch.answers.set('https://client.example/multi/did.json', {
      json: {
        id: `${DID}:multi`,
        verificationMethod: [{ ...rest, id: '#key-1', controller: `${DID}:multi` }],
        authentication: ['#key-1'],
      },
    })
    const resolved = await resolver.resolve(didOf(`${DID}:multi`))
    expect(
      resolved.ok &&
        verificationMethodFor(resolved.value.document, 'authentication', `${DID}:multi#key-1`, NOW),
    ).toMatchObject({ ok: true, value: { publicKeyJwk: PUBLIC_KEYS['P-384'] } })
  })
})
