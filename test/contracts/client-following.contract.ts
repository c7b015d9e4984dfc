import { describe, expect, it } from 'vitest'
import {
  CLIENT_CLAIM_SECONDS,
  MAX_CLIENT_HOLDS,
  MAX_CLIENT_SNAPSHOTS,
} from '../../src/domain/limits.ts'
import type { RedirectHold } from '../../src/domain/registration/redirect-holds.ts'
import { later } from '../../src/domain/time.ts'
import type { ClientLook } from '../../src/ports/client-following.ts'
import type { VerifierStore } from '../../src/ports/verifier-store.ts'
import { changesIn } from '../support/client-changes.ts'
import { didOf } from '../support/did-documents.ts'
import { PUBLIC_KEYS } from '../support/public-keys.ts'
import { aClient, REDIRECT_URI, registerClient } from '../support/registered-clients.ts'
import { aVerifier, CHANGE, freshId, marked, NOW, VERIFIER_FOUNDING } from './instances.ts'

const did = didOf('did:web:client-1.example')
const client = (change: Parameters<typeof aClient>[1] = {}) =>
  aClient({ did, kid: `${did}#key-1`, jwk: PUBLIC_KEYS.Ed25519 }, change)
const ALL = { cursor: undefined, limit: 100 }
const NEW_URI = 'https://new.example/callback'

const hold: RedirectHold = {
  id: 'hold-1',
  clientId: did,
  decisionId: 'decision-1',
  host: 'new.example',
  redirectUris: [NEW_URI],
  digest: 'digest-2',
  state: 'pending',
  seenAt: NOW,
  decided: undefined,
}

/** A look at the client that found nothing new; each test changes what it is about. */
const look = (change: Partial<ClientLook> = {}): ClientLook => ({
  basedOn: 0,
  client: client(),
  following: {
    clientId: did,
    decisionId: 'decision-1',
    credentials: ['a.b.c'],
    settled: { status: 'active', reason: undefined, since: NOW, at: NOW },
    policyVersion: 1,
    own: [],
    evidenceAt: NOW,
    freshUntil: later(NOW, 300),
    terms: { hosts: ['buyer.example.com'], leftOut: [] },
    digest: 'digest-2',
    facts: { keys: [], redirectUris: [REDIRECT_URI, NEW_URI], services: [] },
  },
  dueAt: later(NOW, 300),
  snapshots: [],
  holds: [],
  entries: [],
  ...change,
})

/** What a store of verifiers promises of following clients. */
export const clientFollowingContract = (adapter: string, open: () => VerifierStore) =>
  describe(`ClientFollowings contract: ${adapter}`, () => {
    const opened = async () => {
      const store = open()
      const { id } = aVerifier(freshId())
      await store.create(aVerifier(id), VERIFIER_FOUNDING, CHANGE)
      await registerClient(store, id, client(), CHANGE)
      const records = async () => (await store.audit(id, ALL)).rows.slice(3)
      const feed = async () => (await changesIn(store, id)).slice(1)
      return { store, id, records, feed }
    }

    it('knows nothing of a client that was never looked at, and nobody else', async () => {
      const { store, id } = await opened()
      expect(await store.followedClient(id, did)).toEqual({
        client: client(),
        following: undefined,
        holds: [],
        revision: 0,
        entries: [],
        decidedUnder: 1,
      })
      expect(await store.followedClient(id, didOf('did:web:other.example'))).toBeUndefined()
    })

    it('keeps a look that changed nothing without a record and without a row of the feed', async () => {
      const { store, id, records, feed } = await opened()
      const evaluatedAt = later(NOW, 5)
      const one = look({ client: client({ evaluatedAt }) })
      expect(await store.keepLook(id, one, CHANGE)).toBe('kept')
      const { following, revision, ...rest } = (await store.followedClient(id, did)) ?? {}
      expect([following, revision, rest]).toEqual([
        one.following,
        1,
        { client: client({ evaluatedAt }), holds: [], entries: [], decidedUnder: 1 },
      ])
      expect([await records(), await feed()]).toEqual([[], []])
    })

    it('H17: keeps a change of status with one record and one row of the feed', async () => {
      const { store, id, records, feed } = await opened()
      const changed = client({ status: 'revoked', reason: 'revoked', since: later(NOW, 5) })
      await store.keepLook(id, look({ client: changed }), { ...CHANGE, actor: 'alarm' })
      expect(await records()).toMatchObject([
        {
          actor: 'alarm',
          action: 'client.follow',
          detail: { clientId: did, status: 'revoked', changed: ['status'] },
        },
      ])
      expect(await feed()).toMatchObject([
        { clientId: did, changed: ['status'], status: 'revoked' },
      ])
    })

    it.each([
      ['another look was kept before', look()],
      ['it is about an earlier decision', look({ client: client({ decisionId: 'decision-0' }) })],
    ])('stores nothing of a look when %s', async (_, late) => {
      const { store, id } = await opened()
      await store.keepLook(id, look(), CHANGE)
      const before = await store.followedClient(id, did)
      const status = { status: 'suspended', reason: 'suspended' } as const
      const wanted = { ...late, client: { ...late.client, ...status } }
      expect(await store.keepLook(id, wanted, CHANGE)).toBe('superseded')
      expect(await store.followedClient(id, did)).toEqual(before)
      const basedOn = before?.revision ?? 0
      expect(await store.keepLook(id, look({ basedOn }), CHANGE)).toBe('kept')
    })

    it('of 64 simultaneous looks one is kept', async () => {
      const { store, id, feed } = await opened()
      const suspended = look({ client: client({ status: 'suspended', reason: 'suspended' }) })
      const outcomes = await Promise.all(
        Array.from({ length: 64 }, () => store.keepLook(id, suspended, CHANGE)),
      )
      expect(outcomes.filter((one) => one === 'kept')).toHaveLength(1)
      expect(await feed()).toHaveLength(1)
    })

    it('gives a claim to one, until its look is kept or its time is over', async () => {
      const { store, id } = await opened()
      const claims = await Promise.all(
        Array.from({ length: 8 }, () => store.claimClient(id, did, NOW)),
      )
      expect(claims.filter(Boolean)).toHaveLength(1)
      expect(await store.claimClient(id, did, later(NOW, CLIENT_CLAIM_SECONDS))).toBe(true)
      expect(await store.claimClient(id, did, later(NOW, CLIENT_CLAIM_SECONDS))).toBe(false)
      await store.keepLook(id, look(), CHANGE)
      expect(await store.claimClient(id, did, later(NOW, CLIENT_CLAIM_SECONDS))).toBe(true)
    })

    it('names clients that are due, and a client that was put anew', async () => {
      const { store, id } = await opened()
      expect(await store.dueClients(id, NOW, 10)).toEqual([did])
      await store.keepLook(id, look(), CHANGE)
      expect(await store.dueClients(id, later(NOW, 299), 10)).toEqual([])
      expect(await store.dueClients(id, later(NOW, 300), 10)).toEqual([did])
      await registerClient(store, id, client({ decisionId: 'decision-2' }), CHANGE)
      expect(await store.dueClients(id, NOW, 10)).toEqual([did])
    })

    it('names every client once the policy is another', async () => {
      const { store, id } = await opened()
      await store.keepLook(id, look(), CHANGE)
      const at = later(NOW, 10)
      expect(await store.dueClients(id, at, 10)).toEqual([])
      await store.putPolicy(id, VERIFIER_FOUNDING.policy, { ...CHANGE, at })
      expect(await store.dueClients(id, at, 10)).toEqual([did])
    })

    it('keeps the newest documents, oldest first', async () => {
      const { store, id } = await opened()
      const snapshots = Array.from({ length: MAX_CLIENT_SNAPSHOTS + 2 }, (_, n) => ({
        clientId: did,
        digest: `digest-${String(n)}`,
        seenAt: NOW,
        document: '{}',
        changes: [{ change: 'key_added', subject: `${did}#key-${String(n)}` } as const],
      }))
      await store.keepLook(id, look({ snapshots }), CHANGE)
      expect(await store.snapshots(id, did)).toEqual(snapshots.slice(2))
      expect(await store.snapshots(id, didOf('did:web:other.example'))).toEqual([])
    })

    it('V16: lets the URIs of a held host count once it is approved, in one transaction', async () => {
      const { store, id, records, feed } = await opened()
      await store.keepLook(id, look({ holds: [hold] }), CHANGE)
      expect((await store.holds(id, did, ALL)).rows).toEqual([hold])
      expect((await store.client(id, did))?.redirectUris).toEqual([REDIRECT_URI])
      const change = { ...marked('k1'), actor: 'verifier operator' }
      const wanted = { clientId: did, holdId: hold.id }
      expect(await store.decideHold(id, wanted, 'approved', change)).toMatchObject({
        value: { value: 'decided', replayed: false },
      })
      expect(await store.decideHold(id, wanted, 'approved', change)).toMatchObject({
        value: { value: 'decided', replayed: true },
      })
      expect((await store.client(id, did))?.redirectUris).toEqual([REDIRECT_URI, NEW_URI])
      expect((await store.holds(id, did, ALL)).rows).toEqual([
        { ...hold, state: 'approved', decided: { at: NOW, actor: 'verifier operator' } },
      ])
      expect((await records()).map(({ action }) => action)).toEqual([
        'client.follow',
        'client.hold.approved',
      ])
      expect((await feed()).map(({ changed }) => changed)).toEqual([['redirect_uris']])
      const followed = await store.followedClient(id, did)
      expect(followed?.following?.terms?.hosts).toEqual(['buyer.example.com', 'new.example'])
      // A look that began before is not to undo it.
      expect(await store.keepLook(id, look({ basedOn: 1 }), CHANGE)).toBe('superseded')
    })

    it('V16: a rejected host does not count, and is decided once', async () => {
      const { store, id, feed } = await opened()
      await store.keepLook(id, look({ holds: [hold] }), CHANGE)
      const wanted = { clientId: did, holdId: hold.id }
      await store.decideHold(id, wanted, 'rejected', CHANGE)
      expect(await store.decideHold(id, wanted, 'approved', CHANGE)).toMatchObject({
        value: { value: 'decided_before' },
      })
      expect((await store.client(id, did))?.redirectUris).toEqual([REDIRECT_URI])
      expect(await feed()).toEqual([])
      const nobody = { clientId: did, holdId: 'hold-9' }
      expect(await store.decideHold(id, nobody, 'approved', CHANGE)).toMatchObject({
        value: { value: 'not_found' },
      })
    })

    it('keeps a bounded number of withdrawn holds, the newest', async () => {
      const { store, id } = await opened()
      const holds = Array.from({ length: MAX_CLIENT_HOLDS + 3 }, (_, n) => ({
        ...hold,
        id: `${id}-${String(n)}`,
        state: 'withdrawn' as const,
        decided: { at: NOW, actor: 'document' },
      }))
      await store.keepLook(id, look({ holds: [{ ...hold, id }, ...holds] }), CHANGE)
      const { rows } = await store.holds(id, did, ALL)
      expect(rows).toEqual([{ ...hold, id }, ...holds.slice(3)])
    })

    it('reads the feed behind a place in it, and says when there is no such place', async () => {
      const { store, id } = await opened()
      await store.keepLook(id, look({ client: client({ status: 'suspended' }) }), CHANGE)
      const read = async (since: number | undefined, limit: number) => {
        const found = await store.changesSince(id, since, limit)
        return typeof found === 'string'
          ? found
          : [found.rows.map(({ sequence }) => sequence), found.more]
      }
      expect(await read(undefined, 1)).toEqual([[1], true])
      expect(await read(1, 1)).toEqual([[2], false])
      expect(await read(2, 1)).toEqual([[], false])
      expect(await read(3, 1)).toBe('unknown')
    })

    it('a chain of cursors misses nothing and repeats nothing under simultaneous writes', async () => {
      const { store, id } = await opened()
      const writes = Promise.all(
        Array.from({ length: 100 }, (_, n) => {
          const name = String(n)
          const changed = client({ decisionId: `renewed-${name}`, scopes: [`scope-${name}`] })
          return registerClient(store, id, changed, CHANGE)
        }),
      )
      const seen: number[] = []
      let since: number | undefined
      const drain = async () => {
        const page = await store.changesSince(id, since, 7)
        if (typeof page === 'string') throw new Error(page)
        seen.push(...page.rows.map(({ sequence }) => sequence))
        since = seen.at(-1)
        return page.rows.length
      }
      for (let n = 0; n < 20; n++) await drain()
      await writes
      while ((await drain()) > 0);
      expect(seen).toEqual(Array.from({ length: 101 }, (_, n) => n + 1))
    })
  })
