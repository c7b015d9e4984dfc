import { beforeEach, describe, expect, it } from 'vitest'
import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import { instanceToken } from '../../src/domain/instance/token.ts'
import { StorageUnavailable } from '../../src/ports/change.ts'
import { present } from '../support/presenting.ts'
import { aRegistrationWorld, enveloped, type RegistrationWorld } from '../support/registering.ts'
import { legalEntity } from '../support/world.ts'

let world: RegistrationWorld
let token: string

/** Nothing can be stored while it is. */
let away: boolean

beforeEach(async () => {
  away = false
  world = await aRegistrationWorld(({ verifiers }) => ({
    verifiers: {
      ...verifiers,
      keepDecision: (...asked) =>
        away ? Promise.reject(new StorageUnavailable('away')) : verifiers.keepDecision(...asked),
    },
  }))
  const { ports, seller } = world
  token = instanceToken('verifier', seller.id, encodeBase64url(new Uint8Array(32).fill(5)))
  const hash = encodeBase64url(ports.digest.sha256(utf8(token)))
  await ports.verifiers.replaceToken(seller.id, hash, world.change())
})

const KEY = { 'Idempotency-Key': 'order-17' }
const registering = async () => ({ presentation: await world.presented() })
const register = (body: object) => world.post('/registrations', body, KEY)

/** As the verifier's operator: keeps the evidence of a verification under the same key. */
const decide = async (body: object) =>
  world.post('/credentials/verify', body, { ...KEY, Authorization: `Bearer ${token}` })
const deciding = () => ({ verifiableCredential: world.token, options: { keepEvidence: true } })

describe('H13: an Idempotency-Key is of who sends it', () => {
  it('lets the operator use a key that a stranger has used, and each gets its own answer again', async () => {
    const [registration, decision] = [await registering(), deciding()]
    const theirs = await register(registration)
    const ours = await decide(decision)
    expect([theirs.status, ours.status]).toEqual([201, 200])
    expect((await register(registration)).text).toBe(theirs.text)
    expect((await decide(decision)).text).toBe(ours.text)
  })

  it('lets a stranger use a key that the operator has used', async () => {
    const ours = await decide(deciding())
    const theirs = await register(await registering())
    expect([ours.status, theirs.status]).toEqual([200, 201])
  })

  it('keeps the keys of one stranger from another', async () => {
    const other = await world.party('other.example.com')
    const issued = await world.issue({ credential: legalEntity(other.did) })
    const presentation = await present(other, [enveloped(issued.token)], world.challenge())
    const [first, second] = [await registering(), { presentation }]
    const answers = [await register(first), await register(second)]
    expect(answers.map(({ status }) => status)).toEqual([201, 201])
    expect((await register(first)).text).toBe(answers[0]?.text)
    expect((await register(second)).text).toBe(answers[1]?.text)
  })

  it('refuses the same stranger another request under its key', async () => {
    const first = await registering()
    await register(first)
    const answer = await register({ ...first, client_metadata: { scope: 'openid' } })
    expect([answer.status, answer.body['code']]).toEqual([422, 'idempotency_key_reused'])
  })

  it('keeps nothing under the key of a stranger who only names the DID of another', async () => {
    const thief = await world.party('thief.example.com')
    const pretended = await thief.sign(
      { typ: 'vp+jwt', kid: world.client.kid },
      { iss: world.client.did },
    )
    expect((await register({ presentation: pretended })).status).toBe(400)
    expect((await register(await registering())).status).toBe(201)
  })
})

describe('H16: a presentation whose evidence could not be kept once its challenge was spent', () => {
  const presenting = async () => {
    const challenge = world.challenge()
    const verifiablePresentation = await world.presented({ nonce: challenge })
    return { verifiablePresentation, options: { challenge, keepEvidence: true } }
  }
  const verify = (body: object, headers = {}) =>
    world.post('/presentations/verify', body, { ...headers, Authorization: `Bearer ${token}` })

  it('is verified by the same call under its key, once, and by no other', async () => {
    const body = await presenting()
    away = true
    expect((await verify(body, KEY)).status).toBe(503)
    away = false
    expect((await verify(body)).status).toBe(400)
    expect((await verify(body, { 'Idempotency-Key': 'order-18' })).status).toBe(400)
    const again = await verify(body, KEY)
    expect([again.status, again.body['verified']]).toEqual([200, true])
    expect((await verify(body, KEY)).text).toBe(again.text)
  })
})
