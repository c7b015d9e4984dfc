import { createVerifiableCredentialJwt, createVerifiablePresentationJwt } from 'did-jwt-vc'
import { beforeAll, describe, expect, it } from 'vitest'
import { didKeyOf } from '../../src/adapters/did/did-key-of.ts'
import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import type { Json } from '../../src/domain/json/strict-json.ts'
import { createChallenge } from '../../src/use-cases/challenge.ts'
import { verificationContext } from '../../src/use-cases/verification-context.ts'
import { verifyCredential } from '../../src/use-cases/verify-credential.ts'
import { verifyPresentationBy } from '../support/verify-presentation.ts'
import { generateKey, WEB_CRYPTO_NAMES } from '../support/generated-keys.ts'
import { AUDIENCE, aWorld, legalEntity, NOW } from '../support/world.ts'

const VCDM1 = 'https://www.w3.org/2018/credentials/v1'
const DAY = 24 * 60 * 60

let world: Awaited<ReturnType<typeof aWorld>>
beforeAll(async () => {
  world = await aWorld()
})

/** Somebody whose tokens did-jwt-vc makes, with the `kid` in the header that we ask of everybody. */
async function somebody(alg: 'EdDSA' | 'ES256') {
  const { privateKey, jwk } = await generateKey(alg)
  const did = didKeyOf(jwk)
  const signer = async (data: string | Uint8Array) => {
    const bytes = typeof data === 'string' ? utf8(data) : data
    const signed = await crypto.subtle.sign(WEB_CRYPTO_NAMES[alg].sign, privateKey, bytes)
    return encodeBase64url(new Uint8Array(signed))
  }
  const header = { kid: `${did}#${did.slice('did:key:'.length)}` }
  return { did, alg, signer, header }
}

const verdict = ({ verdict: said, checks }: { verdict: string; checks: readonly object[] }) => [
  said,
  checks.filter((check) => 'code' in check && !('rule' in check && check.rule === 'R6')),
]
const judge = async (token: Json) =>
  verdict(
    await verifyCredential(
      world.ports,
      token,
      await verificationContext(world.ports, world.seller),
    ),
  )

/** What may vary in a credential that nothing is wrong with. */
const VARIATIONS: readonly { readonly with: string; readonly more: object }[] = [
  { with: 'nothing else', more: {} },
  { with: 'an id', more: { id: 'https://issuer.example/credentials/1' } },
  { with: 'an end', more: { expirationDate: '2027-01-15T12:00:00Z' } },
  {
    with: 'a type of its own',
    more: {
      '@context': [VCDM1, 'https://issuer.example/context'],
      type: ['VerifiableCredential', 'Membership'],
    },
  },
  {
    with: 'schema, evidence and terms',
    more: {
      credentialSchema: { id: 'https://issuer.example/schema', type: 'JsonSchema' },
      evidence: [{ type: 'Register' }],
      termsOfUse: [{ type: 'Terms' }],
    },
  },
]

describe.each(['EdDSA', 'ES256'] as const)('benign tokens of did-jwt-vc with %s', (alg) => {
  it.each(VARIATIONS)(
    'G9: a credential with $with is valid, in a presentation too',
    async (row) => {
      const [issuer, holder] = [await somebody(alg), await somebody(alg)]
      const credential = await createVerifiableCredentialJwt(
        {
          '@context': [VCDM1],
          type: ['VerifiableCredential'],
          issuer: issuer.did,
          issuanceDate: '2026-01-15T11:00:00Z',
          credentialSubject: { id: holder.did, name: 'Buyer' },
          ...row.more,
        },
        issuer,
        { header: issuer.header },
      )
      expect(await judge(credential)).toEqual(['valid', []])

      const { challenge } = createChallenge(world.ports, world.seller)
      const presentation = await createVerifiablePresentationJwt(
        {
          '@context': [VCDM1],
          type: ['VerifiablePresentation'],
          holder: holder.did,
          verifiableCredential: [credential],
          iat: NOW,
          exp: NOW + 120,
        },
        holder,
        { header: holder.header, domain: AUDIENCE, challenge },
      )
      const report = await verifyPresentationBy(
        world.ports,
        world.seller,
        presentation,
        { challenge, domain: AUDIENCE },
        await verificationContext(world.ports, world.seller),
      )
      expect(verdict(report)).toEqual(['valid', []])
    },
  )

  it.each([
    { when: 'is for two', aud: [AUDIENCE, 'https://other.example'], code: 'aud_mismatch' },
    { when: 'is for nobody', aud: [], code: 'aud_mismatch' },
    { when: 'is for one, twice in lists', aud: [[AUDIENCE]], code: 'aud_mismatch' },
  ])('V7: refuses a presentation of VCDM 1.1 that $when', async ({ aud, code }) => {
    const holder = world.buyer
    const { challenge } = createChallenge(world.ports, world.seller)
    const credential = legalEntity(holder.did)
    const { token } = await world.issue({ credential, format: 'jwt_vc' })
    const vp = {
      '@context': [VCDM1],
      type: ['VerifiablePresentation'],
      verifiableCredential: [token],
    }
    const claims = { iss: holder.did, nonce: challenge, iat: NOW, exp: NOW + 120, vp }
    const judged = async (audience: Json) =>
      verifyPresentationBy(
        world.ports,
        world.seller,
        await holder.sign({ typ: 'JWT' }, { ...claims, aud: audience }),
        { challenge, domain: AUDIENCE },
        await verificationContext(world.ports, world.seller),
      )
    expect(verdict(await judged(aud))).toMatchObject(['invalid', [{ code }]])
    expect(verdict(await judged([AUDIENCE]))).toEqual(['valid', []])
  })

  it('G9: neither is without its kid, which is what it differs in', async () => {
    const issuer = await somebody(alg)
    const credential = await createVerifiableCredentialJwt(
      {
        '@context': [VCDM1],
        type: ['VerifiableCredential'],
        issuer: issuer.did,
        issuanceDate: new Date((NOW - DAY) * 1000).toISOString(),
        credentialSubject: { id: 'did:web:buyer.example', name: 'Buyer' },
      },
      issuer,
    )
    const [said, checks] = await judge(credential)
    expect([said, checks]).toMatchObject(['invalid', [{ code: 'kid_missing' }]])
  })
})
