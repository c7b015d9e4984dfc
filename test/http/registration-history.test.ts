import { beforeEach, describe, expect, it } from 'vitest'
import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import { instanceToken } from '../../src/domain/instance/token.ts'
import type { Json, JsonObject } from '../../src/domain/json/strict-json.ts'
import { listed } from '../../src/domain/json/values.ts'
import { aRegistrationWorld, type RegistrationWorld } from '../support/registering.ts'
import { legalEntity } from '../support/world.ts'

let world: RegistrationWorld
let token: string

beforeEach(async () => {
  world = await aRegistrationWorld()
  const { ports, seller } = world
  token = instanceToken('verifier', seller.id, encodeBase64url(new Uint8Array(32).fill(5)))
  const hash = encodeBase64url(ports.digest.sha256(utf8(token)))
  await ports.verifiers.replaceToken(seller.id, hash, world.change())
})

const get = async (path: string): Promise<JsonObject> => {
  const answer = await world.app.request(`https://trust.example/verifiers/seller${path}`, {
    headers: { Authorization: `Bearer ${token}` },
  })
  expect(answer.status).toBe(200)
  return answer.json<JsonObject>()
}
const history = async () =>
  listed((await get(`/clients/${encodeURIComponent(world.client.did)}/history`))['registrations'])
const changed = async () =>
  listed((await get('/clients/changes'))['items']).map((row) => (row as JsonObject)['changed'])

/** Registers the client, a minute after whatever was before; answers with the id of the decision. */
async function register(client_metadata: JsonObject, credentials?: readonly Json[]): Promise<Json> {
  world.pass(60)
  const iat = world.ports.clock.now()
  const presentation = await world.presented({ iat, exp: iat + 60 }, credentials)
  const { status, body } = await world.post('/registrations', { presentation, client_metadata })
  expect(status).toBe(201)
  return body['decisionId'] ?? null
}

describe('what a newer registration of a client changes', () => {
  it('is in the feed and, with what it was before, in the history: how it gets tokens', async () => {
    const first = await register({})
    const second = await register({ grant_types: ['client_credentials'] })
    expect(await changed()).toEqual([['registered'], ['redirect_uris', 'grant_types']])
    expect(await history()).toMatchObject([
      { decisionId: first, at: '2026-01-15T12:01:00Z', changes: [] },
      {
        decisionId: second,
        at: '2026-01-15T12:02:00Z',
        changes: [
          {
            member: 'grant_types',
            before: ['authorization_code', 'client_credentials'],
            after: ['client_credentials'],
          },
          { member: 'redirect_uris', after: [] },
          { member: 'response_types', before: ['code'], after: [] },
        ],
      },
    ])
  })

  it('is in both: the company behind it, and until when it counts', async () => {
    await register({})
    const validUntil = '2026-06-30T12:00:00Z'
    const entity = legalEntity(world.client.did, { validUntil })
    const subject = { ...(entity['credentialSubject'] as JsonObject), legalName: 'Renamed Ltd' }
    const issued = await world.issue({ credential: { ...entity, credentialSubject: subject } })
    await register({}, [issued.token])
    expect(await changed()).toEqual([['registered'], ['legal_entity', 'valid_until']])
    const [, renewed] = await history()
    expect(renewed).toMatchObject({
      changes: [
        { member: 'client_name', before: 'Example Buyer Ltd', after: 'Renamed Ltd' },
        { member: 'legal_entity', after: { legalName: 'Renamed Ltd' } },
        { member: 'valid_until', before: '2027-01-15T12:00:00Z', after: validUntil },
      ],
    })
  })

  it('is in neither where nothing is granted otherwise', async () => {
    await register({})
    await register({})
    expect(await changed()).toEqual([['registered']])
    expect(await history()).toMatchObject([{ changes: [] }, { changes: [] }])
  })
})
