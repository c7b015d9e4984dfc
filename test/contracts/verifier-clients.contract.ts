import { describe, expect, it } from 'vitest'
import { firstBrokenLink, GENESIS } from '../../src/domain/audit/audit-record.ts'
import { later } from '../../src/domain/time.ts'
import { sha256Text } from '../../src/adapters/system/sha256.ts'
import type { VerifierStore } from '../../src/ports/verifier-store.ts'
import { changesIn } from '../support/client-changes.ts'
import { PUBLIC_KEYS } from '../support/public-keys.ts'
import { aClient, findClient, REDIRECT_URI, registerClient } from '../support/registered-clients.ts'
import { aVerifier, CHANGE, freshId, marked, NOW, VERIFIER_FOUNDING } from './instances.ts'

const did = (n: number) => `did:web:client-${String(n)}.example`
const client = (n: number, change: Parameters<typeof aClient>[1] = {}) =>
  aClient(
    { did: did(n), kid: `${did(n)}#key-1`, jwk: PUBLIC_KEYS.Ed25519 },
    { decisionId: `decision about ${String(n)}`, ...change },
  )
const ALL = { cursor: undefined, limit: 100 }

/** What a store of verifiers promises of registered clients. */
export const verifierClientsContract = (adapter: string, open: () => VerifierStore) =>
  describe(`VerifierClients contract: ${adapter}`, () => {
    const opened = async () => {
      const store = open()
      const verifier = aVerifier(freshId())
      await store.create(verifier, VERIFIER_FOUNDING, CHANGE)
      return { store, id: verifier.id }
    }

    it('keeps a client under its DID, member for member', async () => {
      const { store, id } = await opened()
      await registerClient(store, id, client(1), CHANGE)
      expect(await store.client(id, client(1).clientId)).toEqual(client(1))
      expect(await store.client(id, client(2).clientId)).toBeUndefined()
    })

    it('H9: keeps the clients of each verifier apart', async () => {
      const [one, other] = [await opened(), await opened()]
      await registerClient(one.store, one.id, client(1), CHANGE)
      expect(await other.store.client(other.id, client(1).clientId)).toBeUndefined()
      expect(await other.store.clients(other.id, ALL)).toEqual({ rows: [] })
    })

    it('takes the same DID for the same client, accepted when it was first', async () => {
      const { store, id } = await opened()
      await registerClient(store, id, client(1), CHANGE)
      const again = client(1, { decisionId: 'decision-2', registeredAt: later(NOW, 60) })
      await registerClient(store, id, again, CHANGE)
      const { rows } = await store.clients(id, ALL)
      expect(rows).toEqual([{ ...again, registeredAt: NOW }])
    })

    it('lists clients in pages that miss nothing, in the order of their first acceptance', async () => {
      const { store, id } = await opened()
      for (const n of [3, 1, 2]) await registerClient(store, id, client(n), CHANGE)
      await findClient(store, id, client(3, { status: 'suspended' }), CHANGE)
      const first = await store.clients(id, { cursor: undefined, limit: 2 })
      const second = await store.clients(id, { cursor: first.cursor, limit: 2 })
      const rows = [...first.rows, ...second.rows]
      expect(rows.map(({ clientId }) => clientId)).toEqual([did(3), did(1), did(2)])
      expect(second.cursor).toBeUndefined()
    })

    it('H17: writes one linked audit record with each client, and with each change of one', async () => {
      const { store, id } = await opened()
      await registerClient(store, id, client(1), { ...CHANGE, actor: 'somebody' })
      await findClient(store, id, client(1, { status: 'revoked', reason: 'revoked' }), CHANGE)
      const { rows } = await store.audit(id, ALL)
      expect(rows.map(({ action, actor }) => [action, actor])).toEqual([
        ['instance.create', 'admin'],
        ['decision.keep', 'somebody'],
        ['client.put', 'somebody'],
        ['client.follow', 'admin'],
      ])
      expect(rows[2]?.detail).toMatchObject({ clientId: did(1), changed: ['registered'] })
      expect(rows[3]?.detail).toMatchObject({ clientId: did(1), status: 'revoked' })
      expect(firstBrokenLink(rows, { sequence: 0, hash: GENESIS }, sha256Text)).toBeUndefined()
    })

    it('H13: registers one client for one mark', async () => {
      const { store, id } = await opened()
      await registerClient(store, id, client(1), marked('key'))
      await findClient(store, id, client(1, { status: 'suspended' }), CHANGE)
      const again = await registerClient(store, id, client(1), marked('key'))
      expect(again).toEqual({ value: client(1).decisionId, replayed: true })
      expect((await store.client(id, client(1).clientId))?.status).toBe('suspended')
    })

    it.each([
      { when: 'its status', change: { status: 'revoked' as const }, changed: ['status'] },
      { when: 'the reason', change: { reason: 'expired' }, changed: ['status'] },
      { when: 'its keys', change: { keys: [] }, changed: ['keys'] },
      {
        when: 'where it is redirected',
        change: { redirectUris: [REDIRECT_URI, `${REDIRECT_URI}/2`] },
        changed: ['redirect_uris'],
      },
      {
        when: 'whether it is redirected at all',
        change: { redirectUris: [] },
        changed: ['redirect_uris', 'grant_types'],
      },
      { when: 'its scopes', change: { scopes: ['openid'] }, changed: ['scopes'] },
      {
        when: 'its profile',
        change: { profile: 'meflso' as const },
        changed: ['grant_types', 'profile'],
      },
      {
        when: 'how it gets tokens',
        change: { grantTypes: ['client_credentials' as const] },
        changed: ['grant_types'],
      },
      {
        when: 'how it signs',
        change: { tokenEndpointAuthSigningAlg: 'ES256' as const },
        changed: ['token_endpoint_auth_signing_alg'],
      },
      { when: 'its end', change: { validUntil: later(NOW, 99) }, changed: ['valid_until'] },
      { when: 'its roles', change: { roles: ['Seller'] }, changed: ['legal_entity'] },
      { when: 'its interfaces', change: { interfaces: [] }, changed: ['legal_entity'] },
      {
        when: 'the company behind it',
        change: {
          legalEntity: { ...client(1).legalEntity, legalName: 'Another Ltd' },
        },
        changed: ['legal_entity'],
      },
    ])('tells who follows the clients when $when changes', async ({ change, changed }) => {
      const { store, id } = await opened()
      await registerClient(store, id, client(1), CHANGE)
      await findClient(store, id, client(1, change), { ...CHANGE, at: later(NOW, 5) })
      const rows = await changesIn(store, id)
      expect(rows.map((row) => [row.clientId, row.changed, row.at])).toEqual([
        [did(1), ['registered'], NOW],
        [did(1), changed, later(NOW, 5)],
      ])
    })

    it('tells nothing of grant types that are spelled out and stay what they were', async () => {
      const { store, id } = await opened()
      await registerClient(store, id, client(1), CHANGE)
      const grantTypes = ['authorization_code', 'client_credentials'] as const
      await findClient(store, id, client(1, { grantTypes }), CHANGE)
      expect(await changesIn(store, id)).toHaveLength(1)
    })

    it('tells nothing when only the moment of evaluation changed', async () => {
      const { store, id } = await opened()
      await registerClient(store, id, client(1), CHANGE)
      await findClient(store, id, client(1, { evaluatedAt: later(NOW, 5) }), CHANGE)
      expect(await changesIn(store, id)).toHaveLength(1)
      expect((await store.client(id, client(1).clientId))?.evaluatedAt).toBe(later(NOW, 5))
    })

    it('reads the changes behind a cursor, and a cursor never goes back', async () => {
      const { store, id } = await opened()
      for (const n of [1, 2, 3]) await registerClient(store, id, client(n), CHANGE)
      expect((await changesIn(store, id)).map(({ sequence }) => sequence)).toEqual([1, 2, 3])
      await findClient(
        store,
        id,
        client(1, { redirectUris: [REDIRECT_URI, `${REDIRECT_URI}/2`] }),
        CHANGE,
      )
      expect(await store.changesSince(id, 2, 100)).toMatchObject({
        rows: [
          { sequence: 3, clientId: did(3) },
          { sequence: 4, clientId: did(1) },
        ],
        more: false,
      })
    })

    it('keeps one row for one DID under 64 simultaneous acceptances, with a record of each', async () => {
      const { store, id } = await opened()
      const decisions = Array.from({ length: 64 }, (_, n) => `decision-${String(n)}`)
      await Promise.all(
        decisions.map((decisionId) => registerClient(store, id, client(1, { decisionId }), CHANGE)),
      )
      expect((await store.clients(id, ALL)).rows).toHaveLength(1)
      expect(await changesIn(store, id)).toHaveLength(1)
      const { rows } = await store.audit(id, { cursor: undefined, limit: 200 })
      expect(rows.filter(({ action }) => action === 'client.put')).toHaveLength(64)
      expect(rows).toHaveLength(1 + 2 * 64)
    })
  })
