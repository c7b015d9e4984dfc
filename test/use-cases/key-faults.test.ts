import { beforeEach, describe, expect, it } from 'vitest'
import { decodeBase64url, encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import type { JsonObject } from '../../src/domain/json/strict-json.ts'
import { thumbprintInput, type PublicJwk } from '../../src/domain/jwk.ts'
import { dateTimeStamp } from '../../src/domain/time.ts'
import { decideCredential } from '../../src/use-cases/decide-verification.ts'
import { replayDecision } from '../../src/use-cases/replay-decision.ts'
import { compactJws } from '../support/compact-jws.ts'
import { didKeyOfBytes, PREFIXES } from '../support/did-keys.ts'
import { fakeFetch, type FakeFetch } from '../support/fake-fetch.ts'
import { PUBLIC_KEYS } from '../support/public-keys.ts'
import { aWorld, NOW, VCDM2 } from '../support/world.ts'

let fetch: FakeFetch
let world: Awaited<ReturnType<typeof aWorld>>

beforeEach(async () => {
  fetch = fakeFetch()
  world = await aWorld({ fetch })
})

const IDENTITY = Uint8Array.of(1, ...new Uint8Array(31))
const SMALL: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x: encodeBase64url(IDENTITY) }
const GENUINE = PUBLIC_KEYS.Ed25519

const didJwk = (jwk: JsonObject): string => {
  const text =
    'd' in jwk || jwk['kty'] === 'oct' ? JSON.stringify(jwk) : thumbprintInput(jwk as never)
  return `did:jwk:${encodeBase64url(utf8(text))}`
}

/** A did:web with one method that holds this. */
const didWeb = (publicKeyJwk: JsonObject): string => {
  const did = 'did:web:issuer.example'
  fetch.answers.set('https://issuer.example/.well-known/did.json', {
    json: {
      id: did,
      verificationMethod: [{ id: `${did}#0`, type: 'JsonWebKey', controller: did, publicKeyJwk }],
      assertionMethod: [`${did}#0`],
    },
  })
  return did
}

/** What is found about a credential that this DID would have issued; nobody signed it. */
async function codesOf(did: string, fragment: string) {
  const token = compactJws(
    { typ: 'vc+jwt', cty: 'vc', alg: 'EdDSA', kid: `${did}#${fragment}` },
    {
      '@context': [VCDM2],
      id: 'https://issuer.example/credentials/1',
      type: ['VerifiableCredential', 'ExampleCredential'],
      issuer: did,
      validFrom: dateTimeStamp(NOW),
      credentialSubject: { id: world.buyer.did },
    },
  )
  const made = await decideCredential(world.ports, world.seller, token, world.change())
  if (!made.ok || made.value.kept === undefined) throw new Error('nothing was kept')
  const { report, kept } = made.value
  const replayed = await replayDecision(world.ports, world.seller, kept.id)
  expect(replayed).toMatchObject({ value: { outcome: 'same' } })
  return report.checks.flatMap(({ code }) => (code === undefined ? [] : [code]))
}

describe('keys that prove nothing', () => {
  it('finds only the signature wrong under a sound key: the control of what follows', async () => {
    const key = didKeyOfBytes(PREFIXES.Ed25519, decodeBase64url(GENUINE.x) ?? IDENTITY)
    expect(await codesOf(key, key.slice('did:key:'.length))).toEqual(['signature_invalid'])
    expect(await codesOf(didJwk({ ...GENUINE }), '0')).toEqual(['signature_invalid'])
    expect(await codesOf(didWeb({ ...GENUINE }), '0')).toEqual(['signature_invalid'])
  })

  it('J26: names a key of small order in a did:key, a did:jwk and a did:web', async () => {
    const key = didKeyOfBytes(PREFIXES.Ed25519, IDENTITY)
    expect(await codesOf(key, key.slice('did:key:'.length))).toEqual(['key_small_order'])
    expect(await codesOf(didJwk({ ...SMALL }), '0')).toEqual(['key_small_order'])
    expect(await codesOf(didWeb({ ...SMALL }), '0')).toEqual(['key_small_order'])
  })

  it.each([
    { what: 'a private key', jwk: { ...GENUINE, d: 'AQ' } },
    { what: 'a secret', jwk: { kty: 'oct', k: 'c2VjcmV0' } },
  ])('J29: finds $what unusable in a did:jwk and a did:web', async ({ jwk }) => {
    expect(await codesOf(didJwk(jwk), '0')).toEqual(['key_unusable'])
    expect(await codesOf(didWeb(jwk), '0')).toEqual(['key_unusable'])
  })
})
