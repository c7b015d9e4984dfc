import { expect, it } from 'vitest'
import { decodeBase64url, utf8 } from '../../src/client/base64url.ts'
import { createPresentation, createTrustClient, webCryptoSigner } from '../../src/client/index.ts'
import { verifiedBy } from '../../src/client/signature.ts'
import { answering, json } from '../support/answering.ts'
import '../client/verify-evidence.test.ts'

const KID = 'did:web:buyer.example#key-1'
const TOKEN = 'eyJ0eXAiOiJ2Yytqd3QifQ.e30.AA'

it.each([
  ['EdDSA', { name: 'Ed25519' }],
  ['ES256', { name: 'ECDSA', namedCurve: 'P-256' }],
  [
    'PS256',
    {
      name: 'RSA-PSS',
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
      hash: 'SHA-256',
    },
  ],
] as const)('the client signs presentations in a Worker: %s', async (alg, algorithm) => {
  const pair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('no pair')
  const jwk = JSON.parse(
    JSON.stringify(await crypto.subtle.exportKey('jwk', pair.publicKey)),
  ) as Readonly<Record<string, string>>
  const jwt = await createPresentation({
    signer: webCryptoSigner(KID, pair.privateKey),
    credentials: [TOKEN],
    audience: 'https://as.seller.example',
    challenge: 'a-challenge',
  })
  const at = jwt.lastIndexOf('.')
  const signature = decodeBase64url(jwt.slice(at + 1)) ?? new Uint8Array()
  const bare = Object.fromEntries(Object.entries(jwk).filter(([name]) => name !== 'alg'))
  expect(await verifiedBy(bare, alg, utf8(jwt.slice(0, at)), signature)).toBe(true)
})

it('the client asks in a Worker, and says when nobody answers', async () => {
  const { fetch } = answering(json({ keys: [] }))
  const url = 'https://trust.example'
  const trust = createTrustClient({ url, fetch })
  expect(await trust.verifier('seller').keys()).toEqual({ keys: [] })
  const nobody = createTrustClient({ url, fetch: () => Promise.reject(new TypeError('gone')) })
  await expect(nobody.verifier('seller').keys()).rejects.toMatchObject({
    reason: 'service_unreachable',
  })
})
