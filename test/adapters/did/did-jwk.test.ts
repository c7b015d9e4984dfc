import { describe, expect, it } from 'vitest'
import { createDidJwk } from '../../../src/adapters/did/did-jwk.ts'
import { createKeyArithmetic } from '../../../src/adapters/did/key-arithmetic.ts'
import { encodeBase64url, utf8 } from '../../../src/domain/base64url.ts'
import { parseDidDocument } from '../../../src/domain/did/parse-did-document.ts'
import type { JsonObject } from '../../../src/domain/json/strict-json.ts'
import { thumbprintInput } from '../../../src/domain/jwk.ts'
import { DID, didOf, KEY_1, method, source } from '../../support/did-documents.ts'
import { PUBLIC_KEYS } from '../../support/public-keys.ts'

const didJwk = createDidJwk(createKeyArithmetic())
const didOfText = (json: string) => didOf(`did:jwk:${encodeBase64url(utf8(json))}`)
const find = (json: string) => didJwk.find(didOfText(json), undefined)
const refused = (reason: string) => ({ ok: false, refusal: { reason } })
const { Ed25519, X25519 } = PUBLIC_KEYS
const P256 = PUBLIC_KEYS['P-256']
const SIGNING = [
  'authentication',
  'assertionMethod',
  'capabilityInvocation',
  'capabilityDelegation',
]

describe('did:jwk', () => {
  it.each(Object.entries(PUBLIC_KEYS).map(([name, jwk]) => ({ name, jwk })))(
    'K1: makes the document of a $name key, which is named #0',
    async ({ jwk }) => {
      const did = didOfText(thumbprintInput(jwk))
      const found = await didJwk.find(did, undefined)
      expect(found).toMatchObject({
        ok: true,
        value: {
          source: {
            id: did,
            verificationMethod: [{ id: `${did}#0`, controller: did, publicKeyJwk: jwk }],
          },
        },
      })
    },
  )

  it.each([
    { name: 'P-256', jwk: P256, relationships: [...SIGNING, 'keyAgreement'] },
    { name: 'Ed25519', jwk: Ed25519, relationships: SIGNING },
    { name: 'X25519', jwk: X25519, relationships: ['keyAgreement'] },
  ])('lists a $name key where it can be used', async ({ jwk, relationships }) => {
    const found = await find(thumbprintInput(jwk))
    const members = Object.keys(found.ok ? found.value.source : {})
    expect(members.slice(3)).toEqual(relationships)
  })

  const canonical = thumbprintInput(P256)
  it.each([
    { what: 'another order', json: JSON.stringify(P256) },
    { what: 'white space', json: canonical.replace(',', ', ') },
    { what: 'white space around', json: ` ${canonical}` },
    { what: 'another member', json: canonical.replace('{', '{"alg":"ES256",') },
    { what: 'use', json: canonical.replace('}', ',"use":"sig"}') },
    { what: 'an escaped letter', json: canonical.replace('"EC"', '"\\u0045C"') },
    { what: 'a member twice', json: canonical.replace('{', '{"kty":"EC",') },
    { what: 'padding in a coordinate', json: canonical.replace('","y', '=","y') },
  ])('D15: refuses $what', async ({ json }) => {
    expect((await find(canonical)).ok).toBe(true)
    expect(await find(json)).toMatchObject(refused('did_invalid'))
  })

  it('D15: refuses the same JWK in another spelling of base64url', async () => {
    const text = encodeBase64url(utf8(thumbprintInput(Ed25519)))
    expect(text).toMatch(/^.*[Q]$/)
    const unusedBitSet = text.replace(/Q$/, 'R')
    expect((await didJwk.find(didOf(`did:jwk:${text}`), undefined)).ok).toBe(true)
    for (const other of [unusedBitSet, `${text}A`, `${text}AA`, `${text}.`, `${text}%3D%3D`])
      expect(await didJwk.find(didOf(`did:jwk:${other}`), undefined)).toMatchObject(
        refused('did_invalid'),
      )
  })

  it.each([
    { what: 'a secret', json: '{"k":"c2VjcmV0","kty":"oct"}' },
    { what: 'a private key', json: JSON.stringify({ ...Ed25519, d: 'AQ' }) },
    { what: 'a key for encryption', json: JSON.stringify({ ...P256, use: 'enc' }) },
    { what: 'no JSON', json: 'key' },
    { what: 'null', json: 'null' },
    { what: 'a list', json: '[]' },
    { what: 'an empty object', json: '{}' },
    { what: 'a point beside the curve', json: canonical.replace('"x":"f', '"x":"g') },
  ])('D16, K5: refuses $what', async ({ json }) => {
    expect(await find(json)).toMatchObject(refused('did_invalid'))
  })

  const x25519 = (lowest: number, middle: number, highest: number) => ({
    ...X25519,
    x: encodeBase64url(Uint8Array.of(lowest, ...Array<number>(30).fill(middle), highest)),
  })
  it.each([
    { what: '0', jwk: x25519(0, 0, 0) },
    { what: '1', jwk: x25519(1, 0, 0) },
    { what: 'p - 1', jwk: x25519(0xec, 0xff, 0x7f) },
    { what: 'p', jwk: x25519(0xed, 0xff, 0x7f) },
    { what: 'p + 9, which is 9', jwk: x25519(0xf6, 0xff, 0x7f) },
    { what: '9 with the highest bit', jwk: x25519(9, 0, 0x80) },
  ])('D15: refuses the X25519 number $what, in the DID and in a document', async ({ jwk }) => {
    const keyOf = (publicKeyJwk: JsonObject) => {
      const parsed = parseDidDocument(
        source({ verificationMethod: [method({ publicKeyJwk })] }),
        DID,
        createKeyArithmetic(),
      )
      return parsed.ok ? parsed.value.verificationMethods.get(KEY_1)?.publicKeyJwk : parsed
    }
    expect(await find(thumbprintInput(jwk))).toMatchObject(refused('did_invalid'))
    expect(keyOf(jwk)).toBeUndefined()
    const good = x25519(9, 0, 0)
    expect((await find(thumbprintInput(good))).ok).toBe(true)
    expect(keyOf(good)).toEqual(good)
  })

  it.each([
    '{"crv":"Ed448","kty":"OKP","x":"AA"}',
    '{"crv":"BLS12381G2","kty":"EC","x":"AA","y":"AA"}',
    '{"alg":"ML-DSA-44","kty":"AKP","pub":"AA"}',
  ])('D16: names %s as a key type that is not supported', async (json) => {
    expect(await find(json)).toEqual(refused('key_type_not_supported'))
  })
})
