import { beforeAll, describe, expect, it } from 'vitest'
import { didKeyOf } from '../../src/adapters/did/did-key-of.ts'
import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import { JWT_BEARER } from '../../src/domain/client-auth/client-assertion.ts'
import type { JsonObject } from '../../src/domain/json/strict-json.ts'
import { readCompactJws } from '../../src/domain/jws.ts'
import { JWS_PURPOSES, type JwsPurpose } from '../../src/domain/jws-purpose.ts'
import type { RegisteredClient } from '../../src/domain/registration/registered-client.ts'
import type { Check } from '../../src/domain/verification/check.ts'
import { verifyClientAssertion } from '../../src/use-cases/verify-client-assertion.ts'
import { verifyDpopProof } from '../../src/use-cases/verify-dpop-proof.ts'
import { verifyRequestObject } from '../../src/use-cases/verify-request-object.ts'
import { GOOD, part } from '../support/compact-jws.ts'
import { generateKey, WEB_CRYPTO_NAMES, type GeneratedKey } from '../support/generated-keys.ts'
import {
  aClientWorld,
  assertionClaims,
  requestClaims,
  type ClientWorld,
} from '../support/registered-clients.ts'
import { NOW } from '../support/world.ts'

/* RFC 9864: what RFC 8037 calls EdDSA is Ed25519 with an Ed25519 key, and nothing else. */

const KINDS = ['EdDSA', 'ES256'] as const
type Kind = (typeof KINDS)[number]

let world: ClientWorld
let keys: Readonly<Record<Kind, GeneratedKey>>
let jtis = 0

beforeAll(async () => {
  world = await aClientWorld()
  keys = { EdDSA: await generateKey('EdDSA'), ES256: await generateKey('ES256') }
  for (const kind of KINDS) await accepted(kind)
})

const partyOf = (kind: Kind) => {
  const did = didKeyOf(keys[kind].jwk)
  return { did, kid: `${did}#${did.slice('did:key:'.length)}` }
}
const accepted = (kind: Kind, change: Partial<RegisteredClient> = {}) =>
  world.register({ ...partyOf(kind), sign: () => Promise.reject(new Error('unused')) }, change)

/** Signed for real with a key of `kind`, whatever the header calls its algorithm. */
async function signed(kind: Kind, header: JsonObject, payload: JsonObject): Promise<string> {
  const input = `${part(JSON.stringify(header))}.${part(JSON.stringify(payload))}`
  const { privateKey } = keys[kind]
  const signature = await crypto.subtle.sign(WEB_CRYPTO_NAMES[kind].sign, privateKey, utf8(input))
  return `${input}.${encodeBase64url(new Uint8Array(signature))}`
}

const found = (checks: readonly Check[]): readonly string[] =>
  checks.flatMap(({ code }) => (code === undefined ? [] : [code]))

const ASKED: Readonly<Record<string, (kind: Kind, alg: string) => Promise<readonly string[]>>> = {
  'a client assertion': async (kind, alg) => {
    const { did, kid } = partyOf(kind)
    const assertion = await signed(kind, { alg, kid }, assertionClaims(did))
    const asked = { clientId: did, type: JWT_BEARER, assertion }
    return found((await verifyClientAssertion(world.ports, world.seller, asked)).checks)
  },
  'a request object': async (kind, alg) => {
    const { did, kid } = partyOf(kind)
    const request = await signed(kind, { alg, kid }, requestClaims(did))
    const asked = { clientId: did, endpoint: 'par', parameters: {}, request } as const
    return found((await verifyRequestObject(world.ports, world.seller, asked)).checks)
  },
  'a DPoP proof': async (kind, alg) => {
    const [htm, htu] = ['POST', 'https://as.seller.example.com/token']
    const claims = { jti: `proof-${String(++jtis)}`, htm, htu, iat: NOW }
    const header = { typ: 'dpop+jwt', alg, jwk: { ...keys[kind].jwk } }
    const proof = await signed(kind, header, claims)
    const asked = { proof, htm, htu, accessToken: undefined, jkt: undefined, nonce: undefined }
    return found((await verifyDpopProof(world.ports, world.seller, asked)).checks)
  },
}

describe.each(Object.keys(ASKED))('%s of a client with an Ed25519 key (RFC 9864, F6)', (what) => {
  const asked = (kind: Kind, alg: string) => ASKED[what]?.(kind, alg)

  it.each(['EdDSA', 'Ed25519'])('J3: is accepted with the alg %s', async (alg) => {
    expect(await asked('EdDSA', alg)).toEqual([])
  })

  it.each(['Ed448', 'ed25519', 'Ed25519ph', 'Ed25519 '])(
    'J3: is refused with the alg "%s"',
    async (alg) => {
      expect(await asked('EdDSA', alg)).toEqual(['alg_not_allowed'])
    },
  )

  it.each(['EdDSA', 'Ed25519'])(
    'J4: is refused with the alg %s and a P-256 key, which ES256 is accepted with',
    async (alg) => {
      expect(await asked('ES256', alg)).toContain('key_alg_mismatch')
      expect(await asked('ES256', 'ES256')).toEqual([])
    },
  )

  it('J4: is refused with the alg ES256', async () => {
    expect(await asked('EdDSA', 'ES256')).toContain('key_alg_mismatch')
  })
})

describe('a client that registered for one algorithm', () => {
  const named = ['EdDSA', 'Ed25519'] as const
  it.each(named.flatMap((registered) => named.map((alg) => [registered, alg] as const)))(
    'F6: as %s: its assertion counts with the alg %s',
    async (registered, alg) => {
      await accepted('EdDSA', { tokenEndpointAuthSigningAlg: registered })
      expect(await ASKED['a client assertion']?.('EdDSA', alg)).toEqual([])
    },
  )
})

describe.each(Object.keys(JWS_PURPOSES) as readonly JwsPurpose[])('the purpose %s', (purpose) => {
  it('J3: has one algorithm behind EdDSA and Ed25519, pinned to an Ed25519 key', async () => {
    const { header, payload } = GOOD[purpose]
    const outcome = async (alg: string, kind: Kind, jwk = keys[kind].jwk) => {
      const own = 'jwk' in header ? { jwk: { ...jwk } } : {}
      const made = await signed(
        kind,
        { ...(header as JsonObject), ...own, alg },
        payload as JsonObject,
      )
      const jws = readCompactJws(made, purpose)
      if (!jws.ok) return jws.refusal.reason
      const verified = await world.ports.signatureVerifier.verify(jws.value, jwk)
      return verified.ok ? jws.value.alg : verified.refusal.reason
    }
    expect(await outcome('EdDSA', 'EdDSA')).toBe('EdDSA')
    expect(await outcome('Ed25519', 'EdDSA')).toBe('EdDSA')
    expect(await outcome('Ed25519', 'ES256')).toBe('key_alg_mismatch')
    expect(await outcome('Ed448', 'EdDSA')).toBe('alg_not_allowed')
    expect(await outcome('Ed25519', 'EdDSA', (await generateKey('EdDSA')).jwk)).toBe(
      'signature_invalid',
    )
  })
})
