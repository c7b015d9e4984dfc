import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { envelopedCredential } from '../../src/domain/credential/enveloped.ts'
import type { JsonObject } from '../../src/domain/json/strict-json.ts'
import { dateTimeStamp, later } from '../../src/domain/time.ts'
import { createChallenge } from '../../src/use-cases/challenge.ts'
import { changeCredentialStatus } from '../../src/use-cases/change-credential-status.ts'
import { verificationContext } from '../../src/use-cases/verification-context.ts'
import { verifyPresentationBy } from '../support/verify-presentation.ts'
import { aParty, AUDIENCE, aWorld, legalEntity, NOW, VCDM2 } from '../support/world.ts'

let world: Awaited<ReturnType<typeof aWorld>>
let credential: JsonObject
let challenge: string

beforeAll(async () => {
  world = await aWorld()
  credential = envelopedCredential(
    (await world.issue({ credential: legalEntity(world.buyer.did) })).token,
  )
})
beforeEach(() => {
  ;({ challenge } = createChallenge(world.ports, world.seller))
})

const good = (): JsonObject => ({
  '@context': [VCDM2],
  type: ['VerifiablePresentation'],
  holder: world.buyer.did,
  verifiableCredential: [credential],
  nonce: challenge,
  aud: AUDIENCE,
  iat: NOW,
  exp: NOW + 120,
})
const signed = (change: object = {}, header: JsonObject = {}) =>
  world.buyer.sign(
    { typ: 'vp+jwt', cty: 'vp', ...header },
    JSON.parse(JSON.stringify({ ...good(), ...change })) as JsonObject,
  )
const verify = async (token: string, asked: { challenge?: string; domain?: string } = {}) =>
  verifyPresentationBy(
    world.ports,
    world.seller,
    token,
    { challenge: asked.challenge ?? challenge, domain: asked.domain ?? AUDIENCE },
    await verificationContext(world.ports, world.seller),
  )
const codes = ({ checks }: Awaited<ReturnType<typeof verify>>) =>
  checks.flatMap(({ code }) => (code === undefined ? [] : [code]))

describe('verifyPresentation (R9, R10)', () => {
  it('finds the presentation valid and trusted that every refusal below is made from', async () => {
    const report = await verify(await signed())
    expect(report).toMatchObject({ verdict: 'valid', trust: 'trusted', holder: world.buyer.did })
  })

  it('D24: asks for the documents of its credentials at the same time', async () => {
    const issuers = await Promise.all([aParty(), aParty(), aParty()])
    const credentials = await Promise.all(
      [...issuers, ...issuers].map(async (issuer, at) =>
        envelopedCredential(
          await issuer.sign(
            { typ: 'vc+jwt' },
            {
              '@context': [VCDM2],
              id: `urn:example:${String(at)}`,
              type: ['VerifiableCredential'],
              issuer: issuer.did,
              credentialSubject: { id: world.buyer.did },
            },
          ),
        ),
      ),
    )
    const { didResolver } = world.ports
    const under = { way: 0, most: 0 }
    const counting: typeof didResolver = {
      async resolve(did, options) {
        under.most = Math.max(under.most, ++under.way)
        await new Promise((resolve) => setTimeout(resolve, 20))
        under.way--
        return didResolver.resolve(did, options)
      },
    }
    const report = await verifyPresentationBy(
      { ...world.ports, didResolver: counting },
      world.seller,
      await signed({ verifiableCredential: credentials }),
      { challenge, domain: AUDIENCE },
      await verificationContext(world.ports, world.seller),
    )
    expect(report.verdict).toBe('valid')
    expect(report.credentials.map((one) => one.credential?.['id'])).toEqual(
      credentials.map((_, at) => `urn:example:${String(at)}`),
    )
    expect(under.most).toBe(credentials.length)
  })

  it('V4, V10: lets sub repeat the holder and jti the id, or name the token', async () => {
    const id = 'urn:example:1'
    const repeated = await signed({ sub: world.buyer.did, id, jti: id })
    expect((await verify(repeated)).verdict).toBe('valid')
    ;({ challenge } = createChallenge(world.ports, world.seller))
    expect((await verify(await signed({ jti: 'token-1' }))).verdict).toBe('valid')
  })

  it.each([
    {
      row: 'V6',
      when: 'the nonce is missing',
      change: { nonce: undefined },
      code: 'nonce_invalid',
    },
    { row: 'V6', when: 'the nonce is empty', change: { nonce: '' }, code: 'nonce_invalid' },
    { row: 'V6', when: 'the nonce is a list', change: { nonce: ['a'] }, code: 'nonce_invalid' },
    {
      row: 'V6',
      when: 'the nonce is another',
      change: { nonce: 'another' },
      code: 'nonce_invalid',
    },
    { row: 'V7', when: 'aud is missing', change: { aud: undefined }, code: 'aud_mismatch' },
    { row: 'V7', when: 'aud is a list', change: { aud: [AUDIENCE] }, code: 'aud_mismatch' },
    {
      row: 'V7',
      when: 'aud has a slash more',
      change: { aud: `${AUDIENCE}/` },
      code: 'aud_mismatch',
    },
    {
      row: 'V7',
      when: 'aud is in upper case',
      change: { aud: AUDIENCE.toUpperCase() },
      code: 'aud_mismatch',
    },
    { row: 'J23', when: 'aud is empty', change: { aud: '' }, code: 'aud_mismatch' },
    { row: 'J23', when: 'aud is 0', change: { aud: 0 }, code: 'aud_mismatch' },
    { row: 'J23', when: 'aud is an empty object', change: { aud: {} }, code: 'aud_mismatch' },
    { row: 'J23', when: 'aud is an empty list', change: { aud: [] }, code: 'aud_mismatch' },
    {
      row: 'V4',
      when: 'iss is not the holder',
      change: { iss: 'did:web:other.example.com' },
      code: 'holder_mismatch',
    },
    {
      row: 'V4',
      when: 'sub is not the holder',
      change: { sub: 'did:web:other.example.com' },
      code: 'holder_mismatch',
    },
    { row: 'V4', when: 'sub is no text', change: { sub: ['x'] }, code: 'holder_mismatch' },
    {
      row: 'V10',
      when: 'jti is not the id',
      change: { id: 'urn:example:1', jti: 'urn:example:2' },
      code: 'id_mismatch',
    },
    { row: 'V10', when: 'jti is no text', change: { jti: 7 }, code: 'id_mismatch' },
    { row: 'J19', when: 'exp is missing', change: { exp: undefined }, code: 'time_invalid' },
    { row: 'J19', when: 'iat is missing', change: { iat: undefined }, code: 'time_invalid' },
    {
      row: 'J22',
      when: 'it lives a second too long',
      change: { exp: NOW + 301 },
      code: 'lifetime_too_long',
    },
    {
      row: 'J21',
      when: 'iat lies 61 s ahead',
      change: { iat: NOW + 61, exp: NOW + 120 },
      code: 'not_yet_valid',
    },
    {
      row: 'J21',
      when: 'exp passed 11 s ago',
      change: { iat: NOW - 60, exp: NOW - 11 },
      code: 'expired',
    },
    {
      row: 'V5',
      when: 'there is no credential',
      change: { verifiableCredential: undefined },
      code: 'credentials_missing',
    },
  ])('$row: refuses when $when', async ({ change, code }) => {
    const report = await verify(await signed(change))
    expect(report.verdict).toBe('invalid')
    expect(codes(report)).toContain(code)
  })

  it.each([
    { when: 'it lives the longest allowed', change: { exp: NOW + 300 } },
    { when: 'iat lies 60 s ahead', change: { iat: NOW + 60, exp: NOW + 120 } },
    { when: 'exp passed 10 s ago', change: { iat: NOW - 60, exp: NOW - 10 } },
    { when: 'iss is the holder', change: { iss: 'holder' } },
  ])('accepts when $when', async ({ change }) => {
    const named = 'iss' in change ? { iss: world.buyer.did } : change
    expect((await verify(await signed(named))).verdict).toBe('valid')
  })

  it('D24: takes eight credentials and refuses nine', async () => {
    const many = (count: number) =>
      signed({ verifiableCredential: Array.from({ length: count }, () => credential) })
    expect((await verify(await many(8))).verdict).toBe('valid')
    ;({ challenge } = createChallenge(world.ports, world.seller))
    expect(codes(await verify(await many(9)))).toContain('too_many_credentials')
  })

  it('V6: accepts a challenge once, of 64 simultaneous presentations exactly one', async () => {
    const token = await signed()
    const reports = await Promise.all(Array.from({ length: 64 }, () => verify(token)))
    expect(reports.filter(({ verdict }) => verdict === 'valid')).toHaveLength(1)
    expect(codes(await verify(token))).toEqual(['nonce_invalid'])
  })

  it('V6: accepts a caller’s own challenge once too', async () => {
    const token = await signed({ nonce: 'my own challenge' })
    const asked = { challenge: 'my own challenge' }
    expect((await verify(token, asked)).verdict).toBe('valid')
    expect(codes(await verify(token, asked))).toEqual(['nonce_invalid'])
  })

  it.each([
    {
      when: 'it is another verifier’s',
      forge: () =>
        createChallenge(world.ports, { ...world.seller, challengeSecret: 'AAAA' }).challenge,
    },
    {
      when: 'its end was moved',
      forge: () => challenge.replace(/\d+/, (end) => String(Number(end) + 1_000)),
    },
    { when: 'its seal is missing', forge: () => challenge.slice(0, challenge.lastIndexOf('.')) },
  ])('V6: refuses a challenge that looks like ours when $when', async ({ forge }) => {
    const nonce = forge()
    expect(codes(await verify(await signed({ nonce }), { challenge: nonce }))).toEqual([
      'nonce_invalid',
    ])
  })

  it('V6: refuses our challenge after its 300 s, and accepts it a second before', async () => {
    const verdictAfter = async (seconds: number) => {
      const aged = await aWorld()
      const { challenge: nonce } = createChallenge(aged.ports, aged.seller)
      const { token } = await aged.issue({ credential: legalEntity(aged.buyer.did) })
      aged.pass(seconds)
      const presentation = await aged.buyer.sign(
        { typ: 'vp+jwt', cty: 'vp' },
        {
          ...good(),
          holder: aged.buyer.did,
          verifiableCredential: [envelopedCredential(token)],
          nonce,
          iat: NOW + seconds,
          exp: NOW + seconds + 60,
        },
      )
      const report = await verifyPresentationBy(
        aged.ports,
        aged.seller,
        presentation,
        { challenge: nonce, domain: AUDIENCE },
        await verificationContext(aged.ports, aged.seller),
      )
      return report.verdict
    }
    expect([await verdictAfter(299), await verdictAfter(300)]).toEqual(['valid', 'invalid'])
  })

  it('does not spend the challenge of a presentation that it refuses', async () => {
    await verify(await signed({ aud: 'https://elsewhere.example' }))
    expect((await verify(await signed())).verdict).toBe('valid')
  })

  it('V4: refuses a stolen credential', async () => {
    const thief = await aParty()
    const token = await thief.sign({ typ: 'vp+jwt', cty: 'vp' }, { ...good(), holder: thief.did })
    expect(codes(await verify(token))).toEqual(['holder_binding_failed'])
  })

  it('V4: refuses a holder whose key did not sign', async () => {
    const thief = await aParty()
    const token = await thief.sign({ typ: 'vp+jwt', cty: 'vp' }, good())
    expect(codes(await verify(token))).toContain('kid_mismatch')
  })

  it('J12: refuses a credential as a presentation', async () => {
    const { token } = await world.issue({ credential: legalEntity(world.buyer.did) })
    expect(codes(await verify(token))).toEqual(['typ_mismatch'])
  })

  it.each<{ when: string; change: JsonObject; forged: boolean; code: string }>([
    { when: 'is forged', change: {}, forged: true, code: 'signature_invalid' },
    {
      when: 'has expired',
      change: { validUntil: dateTimeStamp(later(NOW, -11)) },
      forged: false,
      code: 'expired',
    },
  ])('V5: refuses when one embedded credential $when, and says which', async (row) => {
    const [issuer, forger] = [await aParty(), await aParty()]
    const other = {
      '@context': [VCDM2],
      id: 'https://issuer.example.com/credentials/1',
      type: ['VerifiableCredential'],
      issuer: issuer.did,
      validFrom: dateTimeStamp(later(NOW, -120)),
      validUntil: dateTimeStamp(later(NOW, 120)),
      credentialSubject: { id: world.buyer.did },
    }
    const header = { typ: 'vc+jwt', cty: 'vc', kid: issuer.kid }
    const judged = async (token: string) =>
      verify(await signed({ verifiableCredential: [credential, envelopedCredential(token)] }))

    const signer = row.forged ? forger : issuer
    const report = await judged(await signer.sign(header, { ...other, ...row.change }))
    expect(report.verdict).toBe('invalid')
    expect(codes(report)).toEqual(['credential_invalid'])
    expect(report.checks).toContainEqual(
      expect.objectContaining({ code: 'credential_invalid', evidence: { credential: 1 } }),
    )
    expect(report.credentials.map(({ verdict }) => verdict)).toEqual(['valid', 'invalid'])
    expect(report.credentials[1]?.checks).toContainEqual(
      expect.objectContaining({ code: row.code }),
    )
    expect((await judged(await issuer.sign(header, other))).verdict).toBe('valid')
  })

  it('V5: refuses when one embedded credential is revoked, and says which', async () => {
    const revoked = await world.issue({ credential: legalEntity(world.buyer.did) })
    const { credentialId } = revoked.stored
    const wanted = { purpose: 'revocation', status: true, credentialId } as const
    await changeCredentialStatus(world.ports, world.registrar, wanted, world.change())
    const report = await verify(
      await signed({ verifiableCredential: [credential, envelopedCredential(revoked.token)] }),
    )
    expect(report.verdict).toBe('invalid')
    expect(report.credentials.map(({ verdict }) => verdict)).toEqual(['valid', 'invalid'])
    expect(report.checks).toContainEqual(
      expect.objectContaining({ code: 'credential_invalid', evidence: { credential: 1 } }),
    )
  })
})
