import { beforeEach, describe, expect, it } from 'vitest'
import { JWT_BEARER } from '../../src/domain/client-auth/client-assertion.ts'
import { CLIENT_TRUSTED_SECONDS } from '../../src/domain/limits.ts'
import { rotateIssuerKeys } from '../../src/use-cases/rotate-keys.ts'
import { verifyClientAssertion } from '../../src/use-cases/verify-client-assertion.ts'
import { verifyRequestObject } from '../../src/use-cases/verify-request-object.ts'
import { aFollowedWorld } from '../support/followed-clients.ts'
import { assertionClaims, requestClaims } from '../support/registered-clients.ts'

let world: Awaited<ReturnType<typeof aFollowedWorld>>

beforeEach(async () => {
  world = await aFollowedWorld('own')
  expect((await world.status()).client.status).toBe('active')
})

const found = ({ verdict, checks }: Awaited<ReturnType<typeof verifyClientAssertion>>) => ({
  verdict,
  codes: checks.flatMap(({ code }) => (code === undefined ? [] : [code])),
})

const assertion = async () => {
  const iat = world.ports.clock.now()
  const claims = assertionClaims(world.buyer.did, { iat, exp: iat + 60 })
  return verifyClientAssertion(world.ports, world.seller, {
    clientId: undefined,
    type: JWT_BEARER,
    assertion: await world.buyer.sign({}, claims),
  })
}

const request = async () => {
  const nbf = world.ports.clock.now()
  const redirect_uri = 'https://buyer.example/callback'
  const claims = requestClaims(world.buyer.did, { nbf, exp: nbf + 60, redirect_uri })
  return verifyRequestObject(world.ports, world.seller, {
    clientId: world.buyer.did,
    request: await world.buyer.sign({ typ: 'oauth-authz-req+jwt' }, claims),
    endpoint: 'par',
    parameters: {},
  })
}

const GOOD = { verdict: 'valid', codes: [] }
const UNKNOWN = { verdict: 'indeterminate', codes: ['client_status_unknown'] }

describe.each([
  { what: 'a client assertion', verify: assertion },
  { what: 'a request object', verify: request },
])('the standing of a client as $what finds it', ({ verify }) => {
  it('V17: a revocation by an issuer of this deployment refuses the very next one, and fetches nothing', async () => {
    expect(found(await verify())).toEqual(GOOD)
    const before = world.fetch.requests.length
    await world.set('revocation', true)
    expect(found(await verify())).toEqual(UNKNOWN)
    expect(world.fetch.requests).toHaveLength(before)
    expect((await world.status()).client.status).toBe('revoked')
    expect(found(await verify())).toEqual({ verdict: 'invalid', codes: ['client_not_active'] })
  })

  it('K3: a key of an issuer of this deployment that is compromised refuses the very next one; a new key does not', async () => {
    const rotate = async (mode: 'planned' | 'compromise', kid: string, compromised?: string) => {
      const command = { mode, kid, compromised, overlapSeconds: undefined } as const
      const { ports, registrar } = world
      const issuer = (await ports.issuers.find(registrar.id))?.instance ?? registrar
      const rotated = await rotateIssuerKeys(ports, issuer, command, world.change())
      expect(rotated).toMatchObject({ ok: true })
    }
    await rotate('planned', 'k2')
    expect(found(await verify())).toEqual(GOOD)
    await rotate('compromise', 'k2', 'k1')
    expect(found(await verify())).toEqual(UNKNOWN)
    expect((await world.status()).client.status).toBe('suspended')
  })

  it('V17: another policy counts once the client was looked at under it', async () => {
    await world.putPolicy({})
    expect(found(await verify())).toEqual(UNKNOWN)
    expect((await world.status()).client.status).toBe('active')
    expect(found(await verify())).toEqual(GOOD)
  })

  it('S9: a look counts as long as it may, and not a second longer', async () => {
    world.pass(CLIENT_TRUSTED_SECONDS)
    expect(found(await verify())).toEqual(GOOD)
    world.pass(1)
    expect(found(await verify())).toEqual(UNKNOWN)
    await world.status()
    expect(found(await verify())).toEqual(GOOD)
  })
})
