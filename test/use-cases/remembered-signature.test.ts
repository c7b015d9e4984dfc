import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createSignatureVerifier } from '../../src/adapters/jose/signature-verifier.ts'
import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import { readCompactJws } from '../../src/domain/jws.ts'
import type { PublicJwk } from '../../src/domain/jwk.ts'
import { changeCredentialStatus } from '../../src/use-cases/change-credential-status.ts'
import { verificationContext } from '../../src/use-cases/verification-context.ts'
import { verifyCredential } from '../../src/use-cases/verify-credential.ts'
import { part } from '../support/compact-jws.ts'
import { generateKey } from '../support/generated-keys.ts'
import { aWorld, legalEntity } from '../support/world.ts'

const verify = crypto.subtle.verify.bind(crypto.subtle)
const verifications = vi
  .spyOn(crypto.subtle, 'verify')
  .mockImplementation((...asked) => verify(...asked))
beforeEach(() => {
  verifications.mockClear()
})

const HEADER = { alg: 'EdDSA', kid: 'did:web:issuer.example#key-1' }

async function signed(privateKey: CryptoKey, payload: object): Promise<string> {
  const input = `${part(JSON.stringify(HEADER))}.${part(JSON.stringify(payload))}`
  const signature = await crypto.subtle.sign('Ed25519', privateKey, utf8(input))
  return `${input}.${encodeBase64url(new Uint8Array(signature))}`
}

describe('that a signature was good is remembered', () => {
  it('V17: by the whole token and the key, and nothing is that was not good', async () => {
    const [mine, other] = [await generateKey('EdDSA'), await generateKey('EdDSA')]
    const token = await signed(mine.privateKey, { iss: 'did:web:issuer.example' })
    const forged = await signed(other.privateKey, { iss: 'did:web:issuer.example' })
    const verifier = createSignatureVerifier()
    const verifies = async (compact: string, jwk: PublicJwk) => {
      const jws = readCompactJws(compact, 'client-assertion')
      return jws.ok && (await verifier.verify(jws.value, jwk)).ok
    }

    expect(await verifies(token, mine.jwk)).toBe(true)
    expect(verifications).toHaveBeenCalledTimes(1)
    expect(await verifies(token, { ...mine.jwk })).toBe(true)
    expect(verifications).toHaveBeenCalledTimes(1)

    expect(await verifies(token, other.jwk)).toBe(false)
    expect(await verifies(forged, mine.jwk)).toBe(false)
    expect(await verifies(forged, mine.jwk)).toBe(false)
    expect(verifications).toHaveBeenCalledTimes(4)
    expect(await verifies(forged, other.jwk)).toBe(true)
  })

  it('V17: and never what follows: a revocation shows in the very next answer', async () => {
    const world = await aWorld()
    const { token, stored } = await world.issue({
      credential: legalEntity(world.buyer.did),
      status: ['suspension', 'revocation'],
    })
    const verdictNow = async () => {
      const context = await verificationContext(world.ports, world.seller)
      const { verdict, checks } = await verifyCredential(world.ports, token, context)
      return [verdict, ...checks.flatMap(({ code }) => code ?? [])]
    }
    const set = (purpose: 'revocation' | 'suspension', status: boolean) =>
      changeCredentialStatus(
        world.ports,
        world.registrar,
        { credentialId: stored.credentialId, purpose, status },
        world.change(),
      )
    expect(await verdictNow()).toEqual(['valid'])
    await set('suspension', true)
    expect(await verdictNow()).toEqual(['invalid', 'suspended'])
    await set('suspension', false)
    expect(await verdictNow()).toEqual(['valid'])
    await set('revocation', true)
    expect(await verdictNow()).toEqual(['invalid', 'revoked'])
    world.pass(3 * 366 * 24 * 60 * 60)
    expect(await verdictNow()).toContain('expired')
  })
})
