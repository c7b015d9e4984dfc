import { beforeEach, describe, expect, it } from 'vitest'
import { utf8 } from '../../src/domain/base64url.ts'
import { envelopedCredential } from '../../src/domain/credential/enveloped.ts'
import type { Issuer } from '../../src/domain/instance/instance.ts'
import type { Json, JsonObject } from '../../src/domain/json/strict-json.ts'
import { readPresentationJws } from '../../src/domain/jws.ts'
import type { TrustPolicy } from '../../src/domain/trust/policy.ts'
import { presentAccreditations } from '../../src/use-cases/present-accreditations.ts'
import { putAccreditations } from '../../src/use-cases/put-accreditations.ts'
import { verificationContext } from '../../src/use-cases/verification-context.ts'
import { verifyCredential } from '../../src/use-cases/verify-credential.ts'
import {
  accreditation,
  anotherIssuer,
  claimsOf,
  days,
  issuedBy,
  trustingAnchor,
} from '../support/accreditations.ts'
import { fakeFetch, type FakeFetch, type HostAnswer } from '../support/fake-fetch.ts'
import { aForeignIssuer, type ForeignIssuer } from '../support/foreign-issuer.ts'
import { aWorld, legalEntity, NOW, VCDM2 } from '../support/world.ts'

const HOST = 'issuer.example.com'
const DOCUMENT = `https://${HOST}/.well-known/did.json`
const LINKED = `https://${HOST}/accreditations`

let fetch: FakeFetch
let world: Awaited<ReturnType<typeof aWorld>>
let root: Issuer
let foreign: ForeignIssuer
let policy: TrustPolicy
let leaf: string
let link: Awaited<ReturnType<typeof issuedBy>>

beforeEach(async () => {
  fetch = fakeFetch()
  world = await aWorld({ fetch })
  root = await anotherIssuer(world, 'root')
  foreign = await aForeignIssuer(fetch, HOST)
  policy = trustingAnchor(root.did, { requireStatus: false })
  link = await issuedBy(world, root, accreditation(foreign.did))
  leaf = await foreign.sign(
    { typ: 'vc+jwt', cty: 'vc' },
    {
      '@context': [VCDM2],
      id: `https://${HOST}/credentials/1`,
      issuer: foreign.did,
      validFrom: days(0),
      validUntil: days(365),
      ...legalEntity(world.buyer.did),
    },
  )
  await publish(LINKED)
  serve(await presentation())
})

/** Names endpoints in the document of the foreign issuer. */
const publish = async (...serviceEndpoint: string[]) => {
  const answer = fetch.answers.get(DOCUMENT)
  if (answer === undefined || !('json' in answer)) throw new Error('no document')
  const document = answer.json as JsonObject
  const service = [{ id: '#linked', type: 'LinkedVerifiablePresentation', serviceEndpoint }]
  fetch.answers.set(DOCUMENT, { json: { ...document, service } })
}
const serve = (token: string, mediaType = 'application/vp+jwt') =>
  fetch.answers.set(LINKED, { bytes: utf8(token), mediaType })
const presentation = (change: Readonly<Record<string, Json | undefined>> = {}, by = foreign) =>
  by.signOtherwise(
    { typ: 'vp+jwt', cty: 'vp' },
    JSON.parse(
      JSON.stringify({
        '@context': [VCDM2],
        type: ['VerifiablePresentation'],
        holder: by.did,
        verifiableCredential: [envelopedCredential(link.token)],
        ...change,
      }),
    ) as JsonObject,
  )
const verify = async (change: Partial<TrustPolicy> = {}) => {
  const context = await verificationContext(world.ports, world.seller)
  return verifyCredential(world.ports, leaf, {
    ...context,
    policy: { ...context.policy, policy: { ...policy, ...change } },
  })
}
const trustCodes = ({ checks }: Awaited<ReturnType<typeof verify>>) =>
  checks.flatMap(({ check, code }) => (check === 'trust' && code !== undefined ? [code] : []))
const asked = (url: string) => fetch.requests.filter((request) => request.url === url).length

describe('accreditations in linked presentations (R6, D3)', () => {
  it('V12: follows the document of the issuer to its accreditation', async () => {
    expect(await verify()).toMatchObject({
      verdict: 'valid',
      trust: 'trusted',
      availability: 'fresh',
      trustChain: [
        { did: foreign.did, accreditation: link.credentialId },
        { did: root.did, accreditation: null },
      ],
    })
    expect(asked(LINKED)).toBe(1)
  })

  it('V17: a revocation of the link shows in the very next answer', async () => {
    expect((await verify()).trust).toBe('trusted')
    await link.set('revocation', true)
    expect(trustCodes(await verify())).toEqual(['chain_link_revoked'])
  })

  it.each([
    { when: 'chains are not accepted', change: { maxChainDepth: 0 } },
    { when: 'no anchor accredits', change: { anchors: [] } },
  ])('V14: asks for nothing when $when', async ({ change }) => {
    expect(trustCodes(await verify(change))).toEqual(['issuer_untrusted'])
    expect(asked(LINKED)).toBe(0)
  })

  it('V14: asks for nothing on behalf of a credential that its issuer did not sign', async () => {
    const stranger = await aForeignIssuer(fetch, 'stranger.example.com')
    const claims = claimsOf(leaf)
    leaf = await stranger.sign({ typ: 'vc+jwt', cty: 'vc', kid: foreign.kid }, claims)
    expect(await verify()).toMatchObject({ verdict: 'invalid', trust: 'not_evaluated' })
    expect(asked(LINKED)).toBe(0)
  })

  it.each<{ readonly when: string; readonly answer: HostAnswer }>([
    { when: 'fails', answer: { refusal: 'host_failed' } },
    { when: 'is too slow', answer: { refusal: 'host_timeout' } },
  ])('V12: is never trusted while the host of the link $when', async ({ answer }) => {
    fetch.answers.set(LINKED, answer)
    const report = await verify()
    expect(report).toMatchObject({
      verdict: 'valid',
      trust: 'untrusted',
      availability: 'unavailable',
    })
    expect(report.checks).toContainEqual(
      expect.objectContaining({ outcome: 'indeterminate', code: 'chain_unavailable' }),
    )
  })

  it('V12: takes nothing for an accreditation where there is nothing', async () => {
    fetch.answers.delete(LINKED)
    expect(trustCodes(await verify())).toEqual(['issuer_untrusted'])
  })

  it.each<{
    readonly when: string
    readonly serveIt: () => Promise<string>
    readonly mediaType?: string
  }>([
    {
      when: 'another holder signed it',
      serveIt: async () => presentation({}, await aForeignIssuer(fetch, 'other.example.com')),
    },
    {
      when: 'a key for assertions signed it',
      serveIt: () =>
        foreign.sign(
          { typ: 'vp+jwt', cty: 'vp' },
          {
            '@context': [VCDM2],
            type: ['VerifiablePresentation'],
            holder: foreign.did,
            verifiableCredential: [envelopedCredential(link.token)],
          },
        ),
    },
    { when: 'it has expired', serveIt: () => presentation({ exp: NOW - 11 }) },
    { when: 'iss names another', serveIt: () => presentation({ iss: 'did:web:a.example' }) },
    { when: 'it is a credential', serveIt: async () => link.token },
    { when: 'it is no presentation', serveIt: () => presentation({ type: ['Other'] }) },
    {
      when: 'it holds nine credentials',
      serveIt: () =>
        presentation({
          verifiableCredential: Array.from({ length: 9 }, () => envelopedCredential(link.token)),
        }),
    },
    { when: 'it is no JSON', serveIt: async () => '{', mediaType: 'application/json' },
  ])('V12: is untrusted when $when', async ({ serveIt, mediaType }) => {
    serve(await serveIt(), mediaType)
    const report = await verify()
    expect(report).toMatchObject({ verdict: 'valid', trust: 'untrusted' })
    expect(trustCodes(report)).toEqual(['chain_presentation_invalid'])
  })

  it.each([
    { when: 'it expired within the skew', change: { exp: NOW - 10 } },
    { when: 'it names audience and nonce', change: { aud: 'https://a.example', nonce: 'n' } },
    { when: 'it lives long', change: { iat: NOW, exp: NOW + 31_536_000 } },
  ])('V12: is trusted when $when', async ({ change }) => {
    serve(await presentation(change))
    expect((await verify()).trust).toBe('trusted')
  })

  it('reads an enveloped presentation in JSON, and passes over an endpoint that fails', async () => {
    await publish('https://issuer.example.com/gone', LINKED)
    const id = `data:application/vp+jwt,${await presentation()}`
    const enveloped = { '@context': [VCDM2], type: 'EnvelopedVerifiablePresentation', id }
    serve(JSON.stringify(enveloped), 'application/json')
    expect((await verify()).trust).toBe('trusted')
  })

  it('D24: spends no more than the budget of the request on a chain', async () => {
    await publish(...Array.from({ length: 40 }, (_, at) => `https://${HOST}/many/${at}`))
    const report = await verify()
    expect(report.trust).toBe('untrusted')
    expect(fetch.requests.length).toBeLessThanOrEqual(20)
  })
})

describe('what a hosted issuer publishes (D3)', () => {
  it('signs its accreditations as their holder, when they are read', async () => {
    const own = await issuedBy(world, root, accreditation(world.registrar.did))
    const put = await putAccreditations(world.ports, world.registrar, [own.token], world.change())
    expect(put.ok).toBe(true)
    const presented = await presentAccreditations(world.ports, world.registrar)
    const token = presented.ok ? presented.value : ''
    expect(readPresentationJws(token)).toMatchObject({
      value: { kid: `${world.registrar.did}#k1`, purpose: 'presentation-vcdm2' },
    })
    expect(claimsOf(token)).toMatchObject({
      holder: world.registrar.did,
      verifiableCredential: [envelopedCredential(own.token)],
    })
  })

  it('needs no fetch to follow an issuer of its own deployment', async () => {
    policy = trustingAnchor(root.did)
    const own = await issuedBy(world, root, accreditation(world.registrar.did))
    const credential = legalEntity(world.buyer.did, { validFrom: days(0), validUntil: days(365) })
    leaf = (await issuedBy(world, world.registrar, credential)).token
    expect((await verify()).trust).toBe('untrusted')
    await putAccreditations(world.ports, world.registrar, [own.token], world.change())
    expect((await verify()).trust).toBe('trusted')
    await putAccreditations(world.ports, world.registrar, [], world.change())
    expect((await verify()).trust).toBe('untrusted')
    expect(fetch.requests).toEqual([])
  })

  it('publishes nothing once it is retired, or once its accreditation has expired', async () => {
    const own = await issuedBy(
      world,
      root,
      accreditation(world.registrar.did, {}, { validUntil: days(1) }),
    )
    await putAccreditations(world.ports, world.registrar, [own.token], world.change())
    const retired = { ...world.registrar, retiredAt: NOW }
    expect((await presentAccreditations(world.ports, retired)).ok).toBe(false)
    expect((await presentAccreditations(world.ports, world.registrar)).ok).toBe(true)
    world.pass(24 * 60 * 60)
    expect((await presentAccreditations(world.ports, world.registrar)).ok).toBe(false)
  })

  it('publishes what one presentation can hold, and refuses more', async () => {
    const long = 'a'.repeat(500)
    const grants = { accreditedFor: Array.from({ length: 60 }, (_, at) => `${long}${at}`) }
    const own = await issuedBy(world, root, accreditation(world.registrar.did, grants))
    const { ports, registrar } = world
    const one = await putAccreditations(ports, registrar, [own.token], world.change())
    expect(one.ok).toBe(true)
    const presented = await presentAccreditations(ports, registrar)
    expect(presented.ok && readPresentationJws(presented.value).ok).toBe(true)
    const two = await putAccreditations(ports, registrar, [own.token, own.token], world.change())
    expect(two).toMatchObject({ ok: false, refusal: { reason: 'credential_invalid' } })
  })

  it.each([
    { when: 'it is about another issuer', token: async () => link.token },
    {
      when: 'it is its own',
      token: async () =>
        (await issuedBy(world, world.registrar, accreditation(world.registrar.did))).token,
    },
    {
      when: 'it is of another type',
      token: async () => (await issuedBy(world, root, legalEntity(world.registrar.did))).token,
    },
    { when: 'it is no token', token: async () => 'a.b.c' },
  ])('V12: refuses to publish a credential when $when', async ({ token }) => {
    const given = [await token()]
    const put = await putAccreditations(world.ports, world.registrar, given, world.change())
    expect(put).toMatchObject({ ok: false, refusal: { reason: 'credential_invalid' } })
  })
})
