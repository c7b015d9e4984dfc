import { describe, expect, it } from 'vitest'
import { assertHolderKey } from '../../src/client/assert-holder-key.ts'
import { decodeBase64url } from '../../src/client/base64url.ts'
import {
  signatureFromDer,
  webCryptoSigner,
  type HolderSigner,
} from '../../src/client/holder-signer.ts'
import { createPresentation, envelopedCredential } from '../../src/client/presentation.ts'
import { verifiedBy } from '../../src/client/signature.ts'
import { TrustError } from '../../src/client/trust-error.ts'
import { AUDIENCE, NOW } from '../support/world.ts'

const KID = 'did:web:buyer.example#key-1'
const token = (typ: string) => `${btoa(JSON.stringify({ typ })).replaceAll('=', '')}.e30.AA`
const VC = token('vc+jwt')

const PAIRS = {
  EdDSA: { name: 'Ed25519' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  PS256: {
    name: 'RSA-PSS',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
    hash: 'SHA-256',
  },
} as const

async function aPair(alg: keyof typeof PAIRS) {
  const pair = await crypto.subtle.generateKey(PAIRS[alg], false, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('no pair')
  const jwk = JSON.parse(
    JSON.stringify(await crypto.subtle.exportKey('jwk', pair.publicKey)),
  ) as Readonly<Record<string, string>>
  return { jwk: { ...jwk, alg, kid: KID }, signer: webCryptoSigner(KID, pair.privateKey) }
}

const wanted = (signer: HolderSigner) => ({
  signer,
  credentials: [VC],
  audience: AUDIENCE,
  challenge: 'a-challenge',
  now: NOW,
})

const parts = (jwt: string): readonly [header: unknown, payload: unknown] => {
  const [header = '', payload = ''] = jwt.split('.')
  const read = (part: string): unknown =>
    JSON.parse(new TextDecoder().decode(decodeBase64url(part) ?? new Uint8Array()))
  return [read(header), read(payload)]
}

describe('createPresentation (VC-JOSE-COSE §3, R9, R10)', () => {
  it.each(['EdDSA', 'ES256', 'PS256'] as const)(
    'signs a vp+jwt with a WebCrypto key that cannot be exported: %s',
    async (alg) => {
      const { jwk, signer } = await aPair(alg)
      const jwt = await createPresentation(wanted(signer))
      const [header, payload] = parts(jwt)
      expect(header).toEqual({ alg, typ: 'vp+jwt', cty: 'vp', kid: KID })
      expect(payload).toEqual({
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        type: ['VerifiablePresentation'],
        holder: 'did:web:buyer.example',
        verifiableCredential: [envelopedCredential(VC)],
        aud: AUDIENCE,
        nonce: 'a-challenge',
        iat: NOW,
        exp: NOW + 120,
      })
      const at = jwt.lastIndexOf('.')
      const input = new Uint8Array(new TextEncoder().encode(jwt.slice(0, at)))
      const signature = decodeBase64url(jwt.slice(at + 1)) ?? new Uint8Array()
      expect(await verifiedBy(jwk, alg, input, signature)).toBe(true)
    },
  )

  it('takes a function that asks an HSM', async () => {
    const seen: Uint8Array[] = []
    const signer: HolderSigner = {
      kid: KID,
      alg: 'EdDSA',
      sign: async (bytes) => {
        seen.push(bytes)
        return new Uint8Array(64)
      },
    }
    const jwt = await createPresentation(wanted(signer))
    expect(new TextDecoder().decode(seen[0])).toBe(jwt.slice(0, jwt.lastIndexOf('.')))
    expect(jwt.endsWith(`.${'A'.repeat(86)}`)).toBe(true)
  })

  it.each([
    [{ credentials: [] }, 'credentials_missing'],
    [{ credentials: Array.from({ length: 9 }, () => VC) }, 'too_many_credentials'],
    [{ credentials: ['no-token'] }, 'credential_invalid'],
    [{ lifetimeSeconds: 301 }, 'lifetime_too_long'],
    [{ lifetimeSeconds: 0 }, 'lifetime_too_long'],
    [{ lifetimeSeconds: Number.NaN }, 'lifetime_too_long'],
  ])('J22: refuses %j before anything is signed', async (change, reason) => {
    const signer: HolderSigner = {
      kid: KID,
      alg: 'EdDSA',
      sign: () => Promise.reject(new Error('it was asked')),
    }
    const failed = createPresentation({ ...wanted(signer), ...change })
    await expect(failed).rejects.toMatchObject({ name: 'TrustError', reason })
  })

  it('lives as long as it is told, up to 300 seconds', async () => {
    const { signer } = await aPair('EdDSA')
    const jwt = await createPresentation({ ...wanted(signer), lifetimeSeconds: 300 })
    expect(parts(jwt)[1]).toMatchObject({ iat: NOW, exp: NOW + 300 })
  })

  it.each(['key-1', 'did:web:buyer.example', 'did:web:buyer.example#', 'did:web:a#b#c', '#key-1'])(
    'refuses a kid that is no DID URL: %s',
    async (kid) => {
      const signer: HolderSigner = { kid, alg: 'EdDSA', sign: async () => new Uint8Array(64) }
      await expect(createPresentation(wanted(signer))).rejects.toMatchObject({
        reason: 'kid_not_did_url',
      })
    },
  )

  it.each([
    ['ES256', 70],
    ['EdDSA', 63],
    ['PS256', 64],
  ] as const)('refuses a signature of another form: %s with %i bytes', async (alg, length) => {
    const signer: HolderSigner = { kid: KID, alg, sign: async () => new Uint8Array(length) }
    await expect(createPresentation(wanted(signer))).rejects.toMatchObject({
      reason: 'signature_form_wrong',
    })
  })
})

describe('envelopedCredential', () => {
  it.each([
    ['a vc+jwt', VC, `data:application/vc+jwt,${VC}`],
    ['a VCDM 1.1 JWT', token('JWT'), `data:application/jwt,${token('JWT')}`],
    ['what issuing answered', { verifiableCredential: VC }, `data:application/vc+jwt,${VC}`],
    ['an enveloped one', envelopedCredential(VC), `data:application/vc+jwt,${VC}`],
  ])('takes %s', (_, credential, id) => {
    expect(envelopedCredential(credential)).toMatchObject({
      id,
      type: 'EnvelopedVerifiableCredential',
    })
  })
})

describe('webCryptoSigner', () => {
  it('refuses a key that cannot sign for a participant', async () => {
    const p384 = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, false, [
      'sign',
      'verify',
    ])
    const ed = await crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify'])
    if (!('privateKey' in p384) || !('privateKey' in ed)) throw new Error('no pair')
    expect(() => webCryptoSigner(KID, p384.privateKey)).toThrow(TrustError)
    expect(() => webCryptoSigner(KID, ed.publicKey)).toThrow(TrustError)
    expect(webCryptoSigner(KID, ed.privateKey).alg).toBe('EdDSA')
  })
})

describe('signatureFromDer', () => {
  const der = (r: readonly number[], s: readonly number[]) =>
    new Uint8Array([0x30, 4 + r.length + s.length, 2, r.length, ...r, 2, s.length, ...s])
  const full = (first: number) => [first, ...Array.from({ length: 31 }, () => 7)]

  it('gives r and s 32 bytes each', () => {
    const raw = signatureFromDer(der([0, ...full(0x80)], [5]))
    expect([...raw]).toEqual([...full(0x80), ...Array.from({ length: 31 }, () => 0), 5])
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['r and s as they are', new Uint8Array(64)],
    ['too long a number', der([1, ...full(1)], [1])],
    ['more behind it', new Uint8Array([...der([1], [1]), 0])],
    ['cut off', der([1], [1]).subarray(0, 7)],
    ['an empty number', der([], [1])],
  ])('refuses %s', (_, bytes) => {
    expect(() => signatureFromDer(bytes)).toThrow(TrustError)
  })
})

describe('assertHolderKey', () => {
  const keys = (...jwks: readonly object[]) => ({
    clientKeys: async () => ({ keys: JSON.parse(JSON.stringify(jwks)) as [] }),
  })

  it.each(['EdDSA', 'ES256', 'PS256'] as const)(
    'is content with the key that is listed: %s',
    async (alg) => {
      const { jwk, signer } = await aPair(alg)
      await expect(assertHolderKey(keys(jwk), signer)).resolves.toBeUndefined()
    },
  )

  it.each([
    ['no key', []],
    ['another key under this kid', ['other']],
    ['the key under another kid', ['renamed']],
  ])('says that the document lists %s', async (_, listed) => {
    const [{ jwk, signer }, other] = [await aPair('EdDSA'), await aPair('EdDSA')]
    const jwks = listed.map((one) =>
      one === 'other' ? other.jwk : { ...jwk, kid: 'did:web:buyer.example#key-2' },
    )
    await expect(assertHolderKey(keys(...jwks), signer)).rejects.toMatchObject({
      reason: 'holder_key_not_listed',
    })
  })
})
