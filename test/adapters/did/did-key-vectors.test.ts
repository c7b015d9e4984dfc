import { p256 } from '@noble/curves/nist'
import { secp256k1 } from '@noble/curves/secp256k1'
import { describe, expect, inject, it } from 'vitest'
import { decodeBase58 } from '../../../src/adapters/did/base58.ts'
import { createDidKey } from '../../../src/adapters/did/did-key.ts'
import { createKeyArithmetic } from '../../../src/adapters/did/key-arithmetic.ts'
import { decodeBase64url } from '../../../src/domain/base64url.ts'
import { RELATIONSHIPS } from '../../../src/domain/did/did-document.ts'
import { didOf } from '../../support/did-documents.ts'

const FILES = ['ed25519-x25519', 'nist-curves', 'rsa', 'secp256k1', 'x25519'] as const

interface Method {
  readonly id: string
  readonly publicKeyJwk?: Readonly<Record<string, string>>
  readonly publicKeyBase58?: string
}
type Document = { readonly verificationMethod: readonly Method[] } & Readonly<
  Record<string, readonly string[] | undefined>
>

const vectors = inject('vectors')
const didKey = createDidKey(createKeyArithmetic())

/** DID and document of every vector of a file; one file has its documents a level higher. */
function documents(file: string): readonly (readonly [string, Document])[] {
  const content = (vectors?.[`did-key/${file}.json`] ?? {}) as Readonly<Record<string, unknown>>
  const grouped = content['didDocument'] as Readonly<Record<string, Document>> | undefined
  if (grouped !== undefined) return Object.entries(grouped)
  return Object.entries(content).map(([did, vector]) => [
    did,
    (vector as { readonly didDocument: Document }).didDocument,
  ])
}

const bytesOf = (text: string | undefined) => decodeBase64url(text ?? '') ?? new Uint8Array()

/** The public members of a JWK, or of the raw key that old documents have in base58. */
function keyOf({ publicKeyJwk, publicKeyBase58 }: Method, crv: string): object {
  if (publicKeyJwk !== undefined) {
    const { kty, x, y, n, e } = publicKeyJwk
    return { kty, crv: publicKeyJwk['crv'], x: bytesOf(x), y: bytesOf(y), n, e }
  }
  const raw = decodeBase58(publicKeyBase58 ?? '') ?? new Uint8Array()
  const none = { n: undefined, e: undefined }
  if (raw.length === 32) return { kty: 'OKP', crv, x: raw, y: new Uint8Array(), ...none }
  const curve = crv === 'secp256k1' ? secp256k1 : p256
  const point = curve.Point.fromBytes(raw).toBytes(false)
  return { kty: 'EC', crv, x: point.subarray(1, 33), y: point.subarray(33), ...none }
}

describe.skipIf(vectors === null)('did:key test vectors of the W3C CCG', () => {
  it.each(FILES)('agree on key material and relationships: %s', async (file) => {
    const cases = documents(file)
    expect(cases.length).toBeGreaterThan(0)
    for (const [did, theirs] of cases) {
      const found = await didKey.find(didOf(did), undefined)
      expect(found.ok).toBe(true)
      const ours = (found.ok ? found.value.source : {}) as unknown as Document
      for (const relationship of RELATIONSHIPS)
        expect({ did, [relationship]: ours[relationship] ?? [] }).toEqual({
          did,
          [relationship]: theirs[relationship] ?? [],
        })
      for (const method of theirs.verificationMethod) {
        const mine = ours.verificationMethod.find(({ id }) => id === method.id)
        expect(mine).toBeDefined()
        const crv = mine?.publicKeyJwk?.['crv'] ?? ''
        expect(mine && keyOf(mine, crv)).toEqual(keyOf(method, crv))
      }
    }
  })

  it('D16: names the BLS keys as a type that is not supported', async () => {
    const cases = documents('bls12381')
    expect(cases.length).toBeGreaterThan(0)
    for (const [did] of cases)
      expect(await didKey.find(didOf(did), undefined)).toEqual({
        ok: false,
        refusal: { reason: 'key_type_not_supported' },
      })
  })
})
