import { beforeEach, describe, expect, it } from 'vitest'
import { JWT_BEARER } from '../../src/domain/client-auth/client-assertion.ts'
import { createApp } from '../../src/app.ts'
import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import type { Issuer } from '../../src/domain/instance/instance.ts'
import { instanceToken } from '../../src/domain/instance/token.ts'
import type { Json, JsonObject } from '../../src/domain/json/strict-json.ts'
import { listed } from '../../src/domain/json/values.ts'
import { MAX_FEED_ISSUERS, MAX_FEED_LOOKS } from '../../src/domain/limits.ts'
import { StorageUnavailable } from '../../src/ports/change.ts'
import type { Ports } from '../../src/ports/index.ts'
import { changeCredentialStatus } from '../../src/use-cases/change-credential-status.ts'
import { clientStatusNow } from '../../src/use-cases/follow-clients.ts'
import { verifyClientAssertion } from '../../src/use-cases/verify-client-assertion.ts'
import {
  accreditation,
  anotherIssuer,
  issuedBy,
  trustingAnchor,
} from '../support/accreditations.ts'
import { didOf } from '../support/did-documents.ts'
import { aFollowedWorld } from '../support/followed-clients.ts'
import { assertionClaims } from '../support/registered-clients.ts'
import { aRegistrationWorld } from '../support/registering.ts'
import { legalEntity } from '../support/world.ts'

interface Followed {
  readonly ports: Ports
  readonly seller: { readonly id: Parameters<Ports['verifiers']['find']>[0] }
  readonly change: () => Parameters<Ports['verifiers']['replaceToken']>[2]
}

/** The seller's change feed, at its front door. */
async function aDoor({ ports, seller, change }: Followed, otherwise: Partial<Ports> = {}) {
  const token = instanceToken('verifier', seller.id, encodeBase64url(new Uint8Array(32).fill(5)))
  const hash = encodeBase64url(ports.digest.sha256(utf8(token)))
  await ports.verifiers.replaceToken(seller.id, hash, change())
  const app = createApp(
    { ...ports, ...otherwise },
    { adminTokenHash: new Uint8Array(32), clientIpHeader: undefined },
  )
  const headers = { Authorization: `Bearer ${token}` }
  const feed = 'https://trust.example/verifiers/seller/clients/changes'
  return { ask: async (query: string) => app.request(`${feed}${query}`, { headers }) }
}

/** Reads the feed as who keeps the cursor does. */
async function aReader(world: Followed, otherwise: Partial<Ports> = {}) {
  const { ask } = await aDoor(world, otherwise)
  let cursor = ''
  return async () => {
    const answer = await ask(cursor === '' ? '' : `?since=${cursor}`)
    expect(answer.status).toBe(200)
    const body = await answer.json<JsonObject>()
    cursor = typeof body['cursor'] === 'string' ? body['cursor'] : ''
    return {
      rows: listed(body['items']).map((row) => {
        const { client_id, changed, status } = row as JsonObject
        return [client_id, changed, status] as readonly (Json | undefined)[]
      }),
      more: body['more'],
    }
  }
}

describe('the change feed and what our own issuers say', () => {
  let world: Awaited<ReturnType<typeof aFollowedWorld>>
  let read: Awaited<ReturnType<typeof aReader>>

  beforeEach(async () => {
    world = await aFollowedWorld('own')
    await world.status()
    read = await aReader(world)
    await read()
  })

  it('V12: shows a revocation at once, though nobody has asked for the status', async () => {
    await world.set('revocation', true)
    const { clientId } = world.client
    expect(await read()).toEqual({ rows: [[clientId, ['status'], 'revoked']], more: false })
    expect((await world.stored())?.status).toBe('revoked')
    expect(await read()).toEqual({ rows: [], more: false })
  })

  it('shows a suspension, and that it was lifted', async () => {
    const { clientId } = world.client
    await world.set('suspension', true)
    expect((await read()).rows).toEqual([[clientId, ['status'], 'suspended']])
    await world.set('suspension', false)
    expect((await read()).rows).toEqual([[clientId, ['status'], 'active']])
  })

  it('looks at nobody where nothing changed, and at nobody else where something did', async () => {
    const other = await world.aBuyer('other.example')
    const { token, set } = await world.ownCredential(other.did)
    const accepted = await world.accept(other, [token])
    await clientStatusNow(world.ports, world.seller, accepted.clientId)
    const asked: string[] = []
    const { verifiers } = world.ports
    const noting = await aReader(world, {
      verifiers: {
        ...verifiers,
        followedClient: (id, clientId) => {
          asked.push(clientId)
          return verifiers.followedClient(id, clientId)
        },
      },
    })
    await noting()
    expect(asked).toEqual([])
    await set('revocation', true)
    expect((await noting()).rows).toEqual([[other.did, ['status'], 'revoked']])
    expect(new Set(asked)).toEqual(new Set([other.did]))
  })

  it('looks at nobody for a credential on which no client rests', async () => {
    const { set } = await world.ownCredential('did:web:stranger.example')
    await set('revocation', true)
    expect(await read()).toEqual({ rows: [], more: false })
  })

  it('H15: answers 503 while the storage cannot say what an issuer changed, and the change after that', async () => {
    const { verifiers } = world.ports
    let away = true
    const { ask } = await aDoor(world, {
      verifiers: {
        ...verifiers,
        keepLook: (...asked) =>
          away ? Promise.reject(new StorageUnavailable('away')) : verifiers.keepLook(...asked),
      },
    })
    await world.set('revocation', true)
    const refused = await ask('')
    expect([refused.status, refused.headers.get('Retry-After')]).toEqual([503, '1'])
    away = false
    const { items } = await (await ask('')).json<JsonObject>()
    expect(listed(items).at(-1)).toMatchObject({ changed: ['status'], status: 'revoked' })
  })

  it('tells the others where one cannot be looked at, and that one with its next look', async () => {
    const other = await world.aBuyer('other.example')
    const { token, set } = await world.ownCredential(other.did)
    const accepted = await world.accept(other, [token])
    await clientStatusNow(world.ports, world.seller, accepted.clientId)
    const { verifiers } = world.ports
    const faulty = await aReader(world, {
      verifiers: {
        ...verifiers,
        keepLook: (id, look, change) =>
          look.client.clientId === other.did
            ? Promise.reject(new Error('broken'))
            : verifiers.keepLook(id, look, change),
      },
    })
    await faulty()
    await set('revocation', true)
    await world.set('revocation', true)
    expect((await faulty()).rows).toEqual([[world.client.clientId, ['status'], 'revoked']])
    await clientStatusNow(world.ports, world.seller, accepted.clientId)
    expect((await faulty()).rows).toEqual([[other.did, ['status'], 'revoked']])
  })
})

describe('a client that nobody has looked at since it was registered', () => {
  let world: Awaited<ReturnType<typeof aRegistrationWorld>>

  beforeEach(async () => {
    world = await aRegistrationWorld()
    const { status } = await world.post('/registrations', { presentation: await world.presented() })
    expect(status).toBe(201)
  })

  const revoke = () =>
    changeCredentialStatus(
      world.ports,
      world.registrar,
      { purpose: 'revocation', status: true, credentialId: world.credentialId },
      world.change(),
    )
  const assertion = async () => {
    const iat = world.ports.clock.now()
    const claims = assertionClaims(world.client.did, { iat, exp: iat + 60 })
    const { verdict, checks } = await verifyClientAssertion(world.ports, world.seller, {
      clientId: undefined,
      type: JWT_BEARER,
      assertion: await world.client.sign({}, claims),
    })
    return [verdict, checks.flatMap(({ code }) => (code === undefined ? [] : [code]))]
  }

  it('is in the feed as revoked once its credential is', async () => {
    const read = await aReader(world)
    expect((await read()).rows).toEqual([[world.client.did, ['registered'], 'active']])
    await revoke()
    expect((await read()).rows).toEqual([[world.client.did, ['status'], 'revoked']])
  })

  it('V17: is not let in once there is another policy', async () => {
    expect(await assertion()).toEqual(['valid', []])
    await world.policy({ maxChainDepth: 1 })
    expect(await assertion()).toEqual(['indeterminate', ['client_status_unknown']])
    await clientStatusNow(world.ports, world.seller, didOf(world.client.did))
    expect(await assertion()).toEqual(['valid', []])
  })

  it('V17: is not let in once its credential is revoked', async () => {
    expect(await assertion()).toEqual(['valid', []])
    await revoke()
    expect(await assertion()).toEqual(['indeterminate', ['client_status_unknown']])
  })
})

describe('the change feed and an accreditation on which many clients rest', () => {
  it('D24: looks at so many in one reading, says that there are more, and misses nobody', async () => {
    const world = await aFollowedWorld('own')
    const { anchors } = trustingAnchor(world.registrar.did)
    await world.putPolicy({ anchors })
    const accredited = await anotherIssuer(world, 'accredited')
    const link = await issuedBy(world, world.registrar, accreditation(accredited.did))
    const count = MAX_FEED_LOOKS + 2
    for (let n = 0; n < count; n++) {
      const buyer = await world.aBuyer(`buyer-${String(n)}.example`)
      const { token } = await issuedBy(world, accredited, legalEntity(buyer.did))
      const { clientId } = await world.accept(buyer, [token, link.token])
      const now = await clientStatusNow(world.ports, world.seller, clientId)
      expect(now?.client.status).toBe('active')
    }
    const read = await aReader(world)
    await read()
    await link.set('revocation', true)
    const first = await read()
    expect([first.rows.length, first.more]).toEqual([MAX_FEED_LOOKS, true])
    const second = await read()
    expect([second.rows.length, second.more]).toEqual([2, false])
    const all = [...first.rows, ...second.rows]
    expect(new Set(all.map(([client]) => client)).size).toBe(count)
    expect(all.every(([, , status]) => status === 'revoked')).toBe(true)
    expect(await read()).toEqual({ rows: [], more: false })
  })
})

describe('the change feed and clients of many own issuers', () => {
  /** Clients of so many issuers of the deployment, one of each, and one who has read all of the feed. */
  const aFeedOf = async (count: number) => {
    const world = await aFollowedWorld('foreign')
    const issuers: Issuer[] = []
    for (let n = 0; n < count; n++) issuers.push(await anotherIssuer(world, `own-${String(n)}`))
    const trusted = { types: ['LsoLegalEntityCredential'], validFrom: undefined }
    await world.putPolicy({
      anchors: issuers.map(({ did }) => ({ did: didOf(did), ...trusted, validUntil: undefined })),
    })
    const clients: { readonly did: string; readonly revoke: () => Promise<unknown> }[] = []
    for (const issuer of issuers) {
      const { did, ...buyer } = await world.aBuyer(`buyer-of-${issuer.id}.example`)
      const { token, set } = await issuedBy(world, issuer, legalEntity(did))
      const { clientId } = await world.accept({ did, ...buyer }, [token])
      const now = await clientStatusNow(world.ports, world.seller, clientId)
      expect(now?.client.status).toBe('active')
      clients.push({ did, revoke: () => set('revocation', true) })
    }
    const upToDate = async () => {
      const read = await aReader(world)
      while ((await read()).more === true);
      return read
    }
    return { clients, upToDate }
  }
  const revoked = ({ did }: { readonly did: string }) => [did, ['status'], 'revoked']

  it('D24: asks so many in one reading, and says that there is more until all had their turn', async () => {
    const { clients, upToDate } = await aFeedOf(70)
    const [read, another] = [await upToDate(), await upToDate()]
    const turns = Math.ceil(clients.length / MAX_FEED_ISSUERS)
    const round = async (reading: typeof read) => {
      const answers = []
      for (let turn = 0; turn < turns; turn++) answers.push(await reading())
      return { rows: answers.flatMap(({ rows }) => rows), more: answers.map(({ more }) => more) }
    }
    expect(await round(read)).toEqual({ rows: [], more: [true, true, false] })

    for (const client of clients.slice(0, -1)) await client.revoke()
    const { rows, more } = await round(read)
    expect(new Set(rows.map(([did]) => did))).toEqual(
      new Set(clients.slice(0, -1).map(({ did }) => did)),
    )
    expect([rows.length, more]).toEqual([69, [true, true, false]])
    // What one has read of a round counts for nobody else.
    await another()
    for (const client of clients.slice(-1)) await client.revoke()
    const first = await read()
    expect(first.more).toBe(true)
    const rest = [await read(), await read()]
    expect([...first.rows, ...rest.flatMap((one) => one.rows)]).toEqual(
      clients.slice(-1).map(revoked),
    )
    expect(rest.map((one) => one.more)).toEqual([true, false])
    const others = [await another(), await another()]
    expect(others.map((one) => one.more)).toEqual([true, false])
    expect(others.flatMap((one) => one.rows)).toEqual(clients.slice(-1).map(revoked))
  }, 30_000)

  it('has all of two issuers in one reading', async () => {
    const { clients, upToDate } = await aFeedOf(2)
    const read = await upToDate()
    expect(await read()).toEqual({ rows: [], more: false })
    for (const client of clients) await client.revoke()
    const { rows, more } = await read()
    expect(rows).toHaveLength(2)
    expect(rows).toEqual(expect.arrayContaining(clients.map(revoked)))
    expect(more).toBe(false)
  })
})
