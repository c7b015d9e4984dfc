import { describe, expect, it } from 'vitest'
import type { InstanceId } from '../../src/domain/instance/instance.ts'
import { later } from '../../src/domain/time.ts'
import type { ClientLook } from '../../src/ports/client-following.ts'
import type { Retention, SealedDecision } from '../../src/ports/decisions.ts'
import type { RedirectHold } from '../../src/domain/registration/redirect-holds.ts'
import type { Registration, VerifierStore } from '../../src/ports/verifier-store.ts'
import { changesIn } from '../support/client-changes.ts'
import { didOf } from '../support/did-documents.ts'
import { PUBLIC_KEYS } from '../support/public-keys.ts'
import { aClient, REDIRECT_URI } from '../support/registered-clients.ts'
import { aVerifier, CHANGE, freshId, marked, NOW, VERIFIER_FOUNDING } from './instances.ts'

const FIRST_PAGE = { cursor: undefined, limit: 100 }
const ALL: Retention = { atMost: 1_000, atMostOfOneClient: 1_000, since: later(NOW, -1_000) }
const DID = 'did:web:client.example'

const aDecision = (id: string, change: Partial<SealedDecision> = {}): SealedDecision => ({
  id,
  kind: 'registration',
  at: NOW,
  subject: DID,
  verdict: 'valid',
  trust: 'trusted',
  policyVersion: 1,
  digest: `digest of ${id}`,
  evidence: `{"of":"${id}"}`,
  receipt: 'a.b.c',
  ...change,
})

const client = (decisionId: string, change: Parameters<typeof aClient>[1] = {}) =>
  aClient({ did: DID, kid: `${DID}#key-1`, jwk: PUBLIC_KEYS.Ed25519 }, { decisionId, ...change })

const accepted = (
  decisionId: string,
  change: Parameters<typeof aClient>[1] = {},
  holds: Registration['holds'] = [],
): Registration => ({
  decision: aDecision(decisionId),
  client: client(decisionId, change),
  holds,
  entries: [],
})

const GRANT = { client: {}, legalEntity: {}, trustChain: [], validUntil: later(NOW, 99) }

const THIEF = 'https://thief.example/callback'

const aHold = (id: string, decisionId: string): RedirectHold => ({
  id,
  clientId: didOf(DID),
  decisionId,
  host: 'thief.example',
  redirectUris: [THIEF],
  digest: 'digest-2',
  state: 'pending',
  seenAt: NOW,
  decided: undefined,
})

/** The first look at the client under this decision, which found nothing new. */
const aLook = (decisionId: string): ClientLook => ({
  basedOn: 0,
  client: client(decisionId),
  following: {
    clientId: didOf(DID),
    decisionId,
    credentials: [],
    settled: { status: 'active', reason: undefined, since: NOW, at: NOW },
    policyVersion: 1,
    own: [],
    evidenceAt: NOW,
    freshUntil: NOW,
    terms: { hosts: ['buyer.example.com'], leftOut: [] },
    digest: undefined,
    facts: undefined,
  },
  dueAt: NOW,
  snapshots: [],
  holds: [],
  entries: [],
})

/** What a store of verifiers promises of a client that is accepted. */
export const registrationsContract = (adapter: string, open: () => VerifierStore) =>
  describe(`register contract: ${adapter}`, () => {
    const opened = async () => {
      const store = open()
      const verifier = aVerifier(freshId())
      await store.create(verifier, VERIFIER_FOUNDING, CHANGE)
      return { store, id: verifier.id }
    }

    it('stores client, decision, feed and audit together', async () => {
      const { store, id } = await opened()
      const first = accepted('d1')
      expect(await store.register(id, first, ALL, CHANGE)).toEqual({
        ok: true,
        value: { value: 'd1', replayed: false },
      })
      expect(await store.client(id, client('d1').clientId)).toEqual(client('d1'))
      expect(await store.decision(id, 'd1')).toEqual(aDecision('d1'))
      expect(await changesIn(store, id)).toMatchObject([
        { changed: ['registered'], status: 'active' },
      ])
      const { rows } = await store.audit(id, FIRST_PAGE)
      expect(rows.slice(1).map(({ action }) => action)).toEqual(['decision.keep', 'client.put'])
    })

    it('tells what the client rests on and the policy of its decision, as they were stored with it', async () => {
      const { store, id } = await opened()
      const entries = [
        { issuer: 'registrar' as InstanceId, listId: 'revocation-1', index: 7, seen: 3 },
      ]
      const decision = aDecision('d1', { policyVersion: 4 })
      await store.register(id, { ...accepted('d1'), decision, entries }, ALL, CHANGE)
      const followed = await store.followedClient(id, didOf(DID))
      expect([followed?.entries, followed?.decidedUnder]).toEqual([entries, 4])
      await store.register(id, accepted('d2'), ALL, CHANGE)
      const renewed = await store.followedClient(id, didOf(DID))
      expect([renewed?.entries, renewed?.decidedUnder]).toEqual([[], 1])
    })

    it('takes the same DID for the same client, active since it was', async () => {
      const { store, id } = await opened()
      await store.register(id, accepted('d1'), ALL, CHANGE)
      const at = later(NOW, 60)
      const newer = client('d2', { since: at, evaluatedAt: at, registeredAt: at })
      await store.register(id, { ...accepted('d2'), client: newer }, ALL, CHANGE)
      expect(await store.client(id, newer.clientId)).toEqual({
        ...newer,
        since: NOW,
        registeredAt: NOW,
      })
      expect(await changesIn(store, id)).toHaveLength(1)
    })

    it('H13: stores nothing twice under one mark', async () => {
      const { store, id } = await opened()
      const first = accepted('d1')
      await store.register(id, first, ALL, marked('key'))
      const again = accepted('d2')
      expect(await store.register(id, again, ALL, marked('key'))).toEqual({
        ok: true,
        value: { value: 'd1', replayed: true },
      })
      expect(await store.register(id, again, ALL, marked('key', 'another body'))).toMatchObject({
        ok: false,
        refusal: { reason: 'idempotency_key_reused' },
      })
      expect(await store.decision(id, 'd2')).toBeUndefined()
      expect((await store.client(id, client('d1').clientId))?.decisionId).toBe('d1')
    })

    it('stores neither where one cannot be stored', async () => {
      const { store, id } = await opened()
      await store.register(id, accepted('d1'), ALL, CHANGE)
      const first = client('d1')
      const clientId = didOf('did:web:other.example')
      const clash = { ...accepted('d1'), client: { ...first, clientId } }
      await expect(store.register(id, clash, ALL, CHANGE)).rejects.toThrow()
      expect((await store.clients(id, FIRST_PAGE)).rows).toEqual([first])
      expect(await changesIn(store, id)).toHaveLength(1)
    })

    it('keeps the decision that a client rests on, whatever the retention and whoever deletes', async () => {
      const { store, id } = await opened()
      const old = later(NOW, -2_000)
      await store.register(
        id,
        { ...accepted('d1'), decision: aDecision('d1', { at: old }) },
        ALL,
        CHANGE,
      )
      const kind = 'credential'
      for (const name of ['d2', 'd3', 'd4'])
        await store.keepDecision(id, aDecision(name, { kind }), { ...ALL, atMost: 2 }, CHANGE)
      const { rows } = await store.decisions(id, FIRST_PAGE)
      expect(rows.map((row) => row.id)).toEqual(['d1', 'd3', 'd4'])
      expect(await store.deleteDecision(id, 'd1', CHANGE)).toMatchObject({
        value: { value: 'in_use' },
      })
      await store.register(id, accepted('d5'), ALL, CHANGE)
      expect(await store.decision(id, 'd1')).toBeUndefined()
      expect(await store.deleteDecision(id, 'd5', CHANGE)).toMatchObject({
        value: { value: 'in_use' },
      })
      expect(await store.deleteDecision(id, 'd4', CHANGE)).toMatchObject({
        value: { value: 'deleted' },
      })
    })

    it('gives each client a budget: what it registers again pushes out its own oldest, and nothing else', async () => {
      const { store, id } = await opened()
      const two = { ...ALL, atMostOfOneClient: 2 }
      const ids = async () => (await store.decisions(id, FIRST_PAGE)).rows.map((row) => row.id)
      const other = didOf('did:web:other.example')
      const another = {
        decision: aDecision('o1', { subject: other }),
        client: { ...client('o1'), clientId: other },
        holds: [],
        entries: [],
      }
      await store.register(id, another, two, CHANGE)
      await store.keepDecision(id, aDecision('c1', { kind: 'credential' }), two, CHANGE)
      for (const name of ['d1', 'd2']) await store.register(id, accepted(name), two, CHANGE)
      expect(await ids()).toEqual(['o1', 'c1', 'd1', 'd2'])
      for (const name of ['d3', 'd4']) await store.register(id, accepted(name), two, CHANGE)
      expect(await ids()).toEqual(['o1', 'c1', 'd3', 'd4'])
      const verified = aDecision('c2', { kind: 'presentation' })
      await store.keepDecision(id, verified, { ...two, atMostOfOneClient: 1 }, CHANGE)
      expect(await ids()).toEqual(['o1', 'c1', 'd3', 'd4', 'c2'])
      const { rows } = await store.audit(id, FIRST_PAGE)
      const expired = rows.filter(({ action }) => action === 'decision.expire')
      expect(expired.map(({ detail }) => detail)).toEqual([{ deleted: 1 }, { deleted: 1 }])
    })

    it('keeps the decision that a client rests on, whatever its budget', async () => {
      const { store, id } = await opened()
      const none = { ...ALL, atMostOfOneClient: 0 }
      await store.register(id, accepted('d1'), none, CHANGE)
      await store.register(id, accepted('d2'), none, CHANGE)
      const { rows } = await store.decisions(id, FIRST_PAGE)
      expect(rows.map((row) => row.id)).toEqual(['d2'])
    })

    it('tells what the registrations of a client granted, the newest of them, oldest first', async () => {
      const { store, id } = await opened()
      const other = didOf('did:web:other.example')
      const granting = (name: string, clientId: string = DID) => {
        const grant = { ...GRANT, clientId, client: { client_name: name } }
        const evidence = JSON.stringify({ of: name, report: { grant } })
        return { decision: aDecision(name, { evidence, subject: clientId }), grant }
      }
      for (const name of ['d1', 'd2', 'd3']) {
        const { decision } = granting(name)
        await store.register(id, { ...accepted(name), decision }, ALL, CHANGE)
      }
      const { decision } = granting('o1', other)
      await store.register(
        id,
        { decision, client: { ...client('o1'), clientId: other }, holds: [], entries: [] },
        ALL,
        CHANGE,
      )
      const unlike = { kind: 'presentation', evidence: granting('p1').decision.evidence } as const
      await store.keepDecision(id, aDecision('p1', unlike), ALL, CHANGE)
      expect(await store.grants(id, didOf(DID), 2)).toEqual([
        { decisionId: 'd2', at: NOW, grant: granting('d2').grant },
        { decisionId: 'd3', at: NOW, grant: granting('d3').grant },
      ])
      expect(await store.grants(id, didOf('did:web:nobody.example'), 2)).toEqual([])
    })

    it('leaves out a registration whose evidence has no grant', async () => {
      const { store, id } = await opened()
      await store.register(id, accepted('d1'), ALL, CHANGE)
      expect(await store.grants(id, didOf(DID), 2)).toEqual([])
    })

    it('V16: a renewed client has no host that was not accepted; what it asks for is held with it', async () => {
      const { store, id } = await opened()
      const both = { redirectUris: [REDIRECT_URI, THIEF] }
      await store.register(id, accepted('d1'), ALL, CHANGE)
      expect(await store.register(id, accepted('d2', both), ALL, CHANGE)).toBe('superseded')
      expect(await store.decision(id, 'd2')).toBeUndefined()
      const renewed = accepted('d2', {}, [aHold('h1', 'd2')])
      expect(await store.register(id, renewed, ALL, CHANGE)).toMatchObject({ ok: true })
      expect((await store.holds(id, didOf(DID), FIRST_PAGE)).rows).toEqual([aHold('h1', 'd2')])
      await store.register(id, accepted('d3', {}, [aHold('h2', 'd3')]), ALL, CHANGE)
      expect((await store.holds(id, didOf(DID), FIRST_PAGE)).rows).toEqual([aHold('h1', 'd3')])
      const hold = { clientId: didOf(DID), holdId: 'h1' }
      await store.decideHold(id, hold, 'approved', CHANGE)
      expect((await store.client(id, didOf(DID)))?.redirectUris).toEqual(both.redirectUris)
      expect(await store.register(id, accepted('d4', both), ALL, CHANGE)).toMatchObject({
        ok: true,
      })
      const { rows } = await store.audit(id, FIRST_PAGE)
      expect(rows.map(({ action }) => action).filter((one) => one.includes('hold'))).toEqual([
        'client.hold',
        'client.hold',
        'client.hold.approved',
      ])
    })

    it('V16: holds what a refused client asks for, once, and nothing of a stranger', async () => {
      const { store, id } = await opened()
      await store.openHolds(id, didOf(DID), [aHold('h0', 'd1')], CHANGE)
      expect((await store.holds(id, didOf(DID), FIRST_PAGE)).rows).toEqual([])
      await store.register(id, accepted('d1'), ALL, CHANGE)
      await store.openHolds(id, didOf(DID), [aHold('h1', 'd1')], CHANGE)
      await store.openHolds(id, didOf(DID), [aHold('h2', 'd1')], CHANGE)
      expect((await store.holds(id, didOf(DID), FIRST_PAGE)).rows).toEqual([aHold('h1', 'd1')])
      expect((await store.client(id, didOf(DID)))?.redirectUris).toEqual([REDIRECT_URI])
    })

    it('D23: a hold that is asked for once more as it is writes nothing; other URIs of the host do', async () => {
      const { store, id } = await opened()
      const audited = async () =>
        (await store.audit(id, FIRST_PAGE)).rows.filter(({ action }) => action === 'client.hold')
          .length
      const followed = () => store.followedClient(id, didOf(DID))
      await store.register(id, accepted('d1'), ALL, CHANGE)
      await store.keepLook(id, aLook('d1'), CHANGE)
      await store.openHolds(id, didOf(DID), [aHold('h1', 'd1')], CHANGE)
      const before = await followed()
      expect(await audited()).toBe(1)
      for (const name of ['h2', 'h3'])
        await store.openHolds(id, didOf(DID), [aHold(name, 'd1')], CHANGE)
      expect([await audited(), await followed()]).toEqual([1, before])
      const redirectUris = [`${THIEF}/other`]
      await store.openHolds(id, didOf(DID), [{ ...aHold('h4', 'd1'), redirectUris }], CHANGE)
      expect([await audited(), (await followed())?.holds]).toEqual([
        2,
        [{ ...aHold('h1', 'd1'), redirectUris }],
      ])
      expect((await followed())?.revision).toBe((before?.revision ?? 0) + 1)
    })
  })
