import { beforeEach, describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../src/domain/json/strict-json.ts'
import { decodeBase64url, utf8, utf8Text } from '../../src/domain/base64url.ts'
import { DID_NEGATIVE_CACHE_SECONDS, DID_WEB_CACHE_SECONDS } from '../../src/domain/limits.ts'
import {
  aRegistrationWorld,
  codesOf,
  enveloped,
  type RegistrationWorld,
} from '../support/registering.ts'
import { putAccreditations } from '../../src/use-cases/put-accreditations.ts'
import {
  accreditation,
  anotherIssuer,
  days,
  issuedBy,
  trustingAnchor,
} from '../support/accreditations.ts'
import { aForeignIssuer } from '../support/foreign-issuer.ts'
import { AUDIENCE, legalEntity, NOW, VCDM2, type Party } from '../support/world.ts'

const DOCUMENT = 'https://buyer.example.com/.well-known/did.json'
const SECRET = 'internal error; reference=10.0.0.7 stack at vault.internal'

let world: RegistrationWorld

beforeEach(async () => {
  world = await aRegistrationWorld()
})

const register = async (credentials?: readonly Json[]) => {
  const iat = world.ports.clock.now()
  const presentation = await world.presented({ iat, exp: iat + 60 }, credentials)
  return world.post('/registrations', { presentation })
}
const fetched = () => world.fetch.requests.map(({ url }) => url)

const BAD_DOCUMENTS = [
  { what: 'an error page', bytes: utf8(`<html>${SECRET}</html>`), mediaType: 'text/html' },
  { what: 'no JSON', bytes: utf8(SECRET), mediaType: 'application/json' },
  { what: 'a truncated document', bytes: utf8(`{"id":"${SECRET}`), mediaType: 'application/json' },
  {
    what: 'the document of somebody else',
    bytes: utf8(JSON.stringify({ id: 'did:web:evil.example', note: SECRET })),
    mediaType: 'application/json',
  },
]

describe('a host that answers a registration with something else', () => {
  it.each(BAD_DOCUMENTS)('D25: $what is no document, and is soon forgotten', async (answer) => {
    world.fetch.answers.set(DOCUMENT, answer)
    expect((await register()).body).toMatchObject({ outcome: 'refused' })
    world.client.publish({})
    world.pass(DID_NEGATIVE_CACHE_SECONDS)
    expect((await register()).status).toBe(201)
  })

  it.each(BAD_DOCUMENTS)('D26: nothing of $what is passed on', async ({ bytes, mediaType }) => {
    world.fetch.answers.set(DOCUMENT, { bytes, mediaType })
    const { status, text, body } = await register()
    expect([status, body['outcome']]).toEqual([400, 'refused'])
    for (const word of ['10.0.0.7', 'vault.internal', 'evil.example', '<html>'])
      expect(text).not.toContain(word)
  })

  it('D25: a copy in memory lives as long as it may, and serves every registration', async () => {
    expect([(await register()).status, (await register()).status]).toEqual([201, 201])
    expect(fetched()).toEqual([DOCUMENT])
    world.fetch.answers.set(DOCUMENT, { refusal: 'not_found' })
    expect((await register()).status).toBe(201)
    world.pass(DID_WEB_CACHE_SECONDS)
    const { status, body } = await register()
    expect([status, codesOf(body)]).toEqual([400, ['did_not_found']])
  })
})

describe('URLs inside of what is presented', () => {
  const credential = async (change: JsonObject) => {
    const { token } = await world.issue({ credential: legalEntity(world.client.did) })
    const [, payload = ''] = token.split('.')
    const claims = JSON.parse(
      utf8Text(decodeBase64url(payload) ?? new Uint8Array()) ?? '',
    ) as JsonObject
    // Signed by the anchor itself, as its own key would: the URLs alone are strange.
    const [key] = world.registrar.keys
    if (key === undefined) throw new Error('the registrar has no key')
    const header = { typ: 'vc+jwt', cty: 'vc', kid: key.verificationMethod }
    return world.ports.signer.sign(key.kid, header, { ...claims, ...change })
  }

  it('the credential that the others are made from is accepted', async () => {
    expect((await register([await credential({})])).status).toBe(201)
  })

  it.each<{ what: string; change: JsonObject }>([
    {
      what: 'a context',
      change: {
        '@context': ['https://www.w3.org/ns/credentials/v2', 'https://evil.example/context'],
      },
    },
    {
      what: 'a schema',
      change: { credentialSchema: { id: 'https://evil.example/schema', type: 'JsonSchema' } },
    },
    {
      what: 'a refresh service beside evidence',
      change: {
        termsOfUse: [{ id: 'https://evil.example/terms', type: 'Policy' }],
        evidence: [{ id: 'https://evil.example/evidence', type: 'Evidence' }],
        refreshService: { id: 'https://evil.example/refresh', type: 'Refresh' },
      },
    },
  ])('V15: $what counts for nothing, and is never fetched', async ({ change }) => {
    const { status, body } = await register([await credential(change)])
    expect([status, codesOf(body)]).toEqual([201, []])
    expect(fetched()).toEqual([DOCUMENT])
  })
})

describe('what a stranger names to be fetched', () => {
  const signedBy = (issuer: Party) =>
    issuer.sign(
      { typ: 'vc+jwt', cty: 'vc' },
      {
        '@context': [VCDM2],
        id: 'https://buyer.example.com/credentials/1',
        issuer: issuer.did,
        validFrom: days(0),
        validUntil: days(365),
        ...legalEntity(world.client.did),
      },
    )

  it.each(['/registrations', '/registrations/dry-run'])(
    'V14, D24: linked services of a holder lead nowhere: %s',
    async (path) => {
      const root = await anotherIssuer(world, 'root')
      await world.policy(trustingAnchor(root.did, { requireStatus: false }))
      world.client.publish({
        service: Array.from({ length: 8 }, (_, at) => ({
          id: `#linked-${String(at)}`,
          type: 'LinkedVerifiablePresentation',
          serviceEndpoint: `https://victim-${String(at)}.example/presentation`,
        })),
      })
      const presentation = await world.presented({}, [await signedBy(world.client)])
      const { body } = await world.post(path, { presentation })
      expect(codesOf(body)).toContain('issuer_untrusted')
      expect(fetched()).toEqual([DOCUMENT])
    },
  )

  it('R6: a chain that an issuer hosted here has stored still counts', async () => {
    const root = await anotherIssuer(world, 'root')
    await world.policy(trustingAnchor(root.did, { requireStatus: false }))
    expect(codesOf((await register()).body)).toContain('issuer_untrusted')
    const link = await issuedBy(world, root, accreditation(world.registrar.did))
    await putAccreditations(world.ports, world.registrar, [link.token], world.change())
    const { status, body } = await register()
    expect([status, codesOf(body)]).toEqual([201, []])
    expect(fetched()).toEqual([DOCUMENT])
  })

  it('D24: a presentation without a nonce asks for no issuer, unless nothing is to be stored', async () => {
    const foreign = await aForeignIssuer(world.fetch, 'issuer.example')
    const { anchors } = trustingAnchor(foreign.did)
    await world.policy({
      anchors: anchors.map((anchor) => ({ ...anchor, types: ['LsoLegalEntityCredential'] })),
      requireStatus: false,
    })
    const issuer = 'https://issuer.example/.well-known/did.json'
    const credentials = [await signedBy(foreign)]
    const without = async (path: string) => {
      const presentation = await world.client.sign(
        { typ: 'vp+jwt', cty: 'vp' },
        {
          '@context': [VCDM2],
          type: ['VerifiablePresentation'],
          holder: world.client.did,
          verifiableCredential: credentials.map(enveloped),
          aud: AUDIENCE,
          iat: NOW,
          exp: NOW + 120,
        },
      )
      return world.post(path, { presentation })
    }
    expect(codesOf((await without('/registrations')).body)).toContain('nonce_invalid')
    expect(fetched()).not.toContain(issuer)
    await without('/registrations/dry-run')
    expect(fetched()).toContain(issuer)
  })
})
