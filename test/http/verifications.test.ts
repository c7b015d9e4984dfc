import { beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { envelopedCredential } from '../../src/domain/credential/enveloped.ts'
import type { InstanceId } from '../../src/domain/instance/instance.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/domain/json/strict-json.ts'
import { DEFAULT_POLICY } from '../../src/domain/trust/policy.ts'
import { changeCredentialStatus } from '../../src/use-cases/change-credential-status.ts'
import { createVerifier } from '../../src/use-cases/create-instance.ts'
import { present } from '../support/presenting.ts'
import { AUDIENCE, aWorld, legalEntity } from '../support/world.ts'

let world: Awaited<ReturnType<typeof aWorld>>
let app: ReturnType<typeof createApp>
let own: string
let issued: Awaited<ReturnType<typeof world.issue>>

beforeEach(async () => {
  world = await aWorld()
  issued = await world.issue({ credential: legalEntity(world.buyer.did) })
  app = createApp(world.ports, { adminTokenHash: new Uint8Array(32), clientIpHeader: undefined })
  const wanted = { id: 'own' as InstanceId, name: 'own', did: undefined, keys: [] }
  const made = await createVerifier(
    world.ports,
    { ...wanted, audience: AUDIENCE, policy: DEFAULT_POLICY },
    world.change(),
  )
  if (!made.ok) throw new Error(made.refusal.reason)
  own = made.value.token
})

async function verify(body: JsonObject, what = 'credentials') {
  const answer = await app.request(`https://trust.example/verifiers/own/${what}/verify`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${own}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
  const json: Json = await answer.json()
  return { status: answer.status, body: isJsonObject(json) ? json : {} }
}

describe('options of credentials/verify', () => {
  it('takes what VCALM and the W3C test suites send, and looks at everything whatever they ask for', async () => {
    const plain = await verify({ verifiableCredential: issued.token })
    expect(plain).toMatchObject({ status: 200, body: { verified: true } })
    for (const options of [{ checks: ['proof'] }, { checks: [] }, { returnCredential: true }]) {
      expect(await verify({ verifiableCredential: issued.token, options })).toEqual(plain)
    }
  })

  it('finds a revoked credential invalid although only its proof was asked for', async () => {
    const { credentialId } = issued.stored
    const revoke = { purpose: 'revocation', status: true, credentialId } as const
    await changeCredentialStatus(world.ports, world.registrar, revoke, world.change())
    const options = { checks: ['proof'] }
    expect(await verify({ verifiableCredential: issued.token, options })).toMatchObject({
      status: 400,
      body: { verified: false, problemDetails: [{ title: 'revoked' }] },
    })
  })

  it.each([
    { when: 'an option nobody knows', options: { check: ['proof'] } },
    { when: 'checks that are no list', options: { checks: 'proof' } },
    { when: 'checks that are no texts', options: { checks: [1] } },
    { when: 'more checks than there could be', options: { checks: Array(65).fill('proof') } },
  ])('refuses $when', async ({ options }) => {
    const answer = await verify({ verifiableCredential: issued.token, options: options })
    expect(answer).toMatchObject({ status: 400, body: { code: 'request_invalid' } })
  })

  it('takes checks for a presentation too', async () => {
    const body = { verifiablePresentation: issued.token, options: { checks: ['proof'] } }
    const answer = await verify(body, 'presentations')
    expect(answer).toMatchObject({ status: 400, body: { verified: false, verdict: 'invalid' } })
  })
})

describe('the challenge of presentations/verify', () => {
  const asked = { challenge: 'a challenge of its own', domain: AUDIENCE }
  const presented = async (nonce: string, more: JsonObject) => {
    const credentials = [envelopedCredential(issued.token)]
    const token = await present(world.buyer, credentials, nonce)
    return verify({ verifiablePresentation: token, ...more }, 'presentations')
  }

  it.each([
    { when: 'there are no options', more: {} },
    { when: 'options are empty', more: { options: {} } },
    { when: 'options name no challenge', more: { options: { domain: AUDIENCE } } },
    { when: 'the challenge is empty', more: { options: { challenge: '', domain: AUDIENCE } } },
  ])('V6: refuses every nonce when $when', async ({ more }) => {
    for (const nonce of [asked.challenge, ''])
      expect(await presented(nonce, more)).toMatchObject({
        status: 400,
        body: { verified: false, verdict: 'invalid', problemDetails: [{ title: 'nonce_invalid' }] },
      })
    // Asked with its challenge it is valid: nothing was spent.
    expect(await presented(asked.challenge, { options: asked })).toMatchObject({
      status: 200,
      body: { verified: true, verdict: 'valid' },
    })
  })
})

describe('the period of an anchor', () => {
  const [early, late] = ['2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z']
  const call = async (method: string, path: string, body: JsonObject) => {
    const answer = await app.request(`https://trust.example/verifiers/own${path}`, {
      method,
      headers: { Authorization: `Bearer ${own}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    })
    const json: Json = await answer.json()
    return { status: answer.status, body: json }
  }
  const anchored = (period: JsonObject) => ({
    anchors: [{ did: world.registrar.did, types: ['LsoLegalEntityCredential'], ...period }],
  })

  it.each([
    { period: {} },
    { period: { validFrom: early } },
    { period: { validUntil: early } },
    { period: { validFrom: early, validUntil: late } },
    { period: { validFrom: '2026-12-31T23:59:59Z', validUntil: '2027-01-01T01:00:00+01:00' } },
  ])('V11: takes $period', async ({ period }) => {
    expect(await call('PUT', '/policy', anchored(period))).toMatchObject({ status: 200 })
  })

  it.each([
    { period: { validUntil: null } },
    { period: { validFrom: early, validUntil: 7 } },
    { period: { validFrom: {}, validUntil: late } },
  ])('H1: refuses $period, in which a date is none', async ({ period }) => {
    expect(await call('PUT', '/policy', anchored(period))).toMatchObject({
      status: 400,
      body: { code: 'request_invalid' },
    })
  })

  it.each([
    { period: { validFrom: late, validUntil: early } },
    { period: { validFrom: early, validUntil: early } },
    { period: { validFrom: late, validUntil: '2027-01-01T01:00:00+01:00' } },
  ])('V11: refuses $period, in which no moment lies, and a draft of it', async ({ period }) => {
    const fault = { detail: 'must lie after validFrom: the anchor would never count' }
    const at = '/anchors/0/validUntil'
    expect(await call('PUT', '/policy', anchored(period))).toMatchObject({
      status: 400,
      body: { code: 'request_invalid', errors: [{ ...fault, pointer: at }] },
    })
    const draft = { policy: anchored(period) }
    expect(await call('POST', '/policy/dry-run', draft)).toMatchObject({
      status: 400,
      body: { code: 'request_invalid', errors: [{ ...fault, pointer: `/policy${at}` }] },
    })
  })
})
