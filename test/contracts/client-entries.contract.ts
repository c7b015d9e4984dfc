import { describe, expect, it } from 'vitest'
import type { Did } from '../../src/domain/did/did.ts'
import type { InstanceId } from '../../src/domain/instance/instance.ts'
import type { OwnEntry } from '../../src/domain/registration/own-entry.ts'
import { later } from '../../src/domain/time.ts'
import type { VerifierStore } from '../../src/ports/verifier-store.ts'
import { didOf } from '../support/did-documents.ts'
import { PUBLIC_KEYS } from '../support/public-keys.ts'
import { aDecisionAbout, aClient } from '../support/registered-clients.ts'
import { aVerifier, CHANGE, freshId, NOW, VERIFIER_FOUNDING } from './instances.ts'

const [A, B] = [didOf('did:web:a.example'), didOf('did:web:b.example')]
const [ISSUER, OTHER] = ['registrar' as InstanceId, 'other' as InstanceId]
const ALL = { atMost: 100, atMostOfOneClient: 100, since: NOW }

const entry = (index: number, seen: number, issuer = ISSUER): OwnEntry => ({
  issuer,
  listId: 'revocation-1',
  index,
  seen,
})
const changed = (index: number, sequence: number) => ({
  listId: 'revocation-1',
  index,
  sequence,
})

/** What a store of verifiers promises about the status entries that clients rest on. */
export const clientEntriesContract = (adapter: string, open: () => VerifierStore) =>
  describe(`ClientEntries contract: ${adapter}`, () => {
    const opened = async () => {
      const store = open()
      const { id } = aVerifier(freshId())
      await store.create(aVerifier(id), VERIFIER_FOUNDING, CHANGE)
      let decisions = 0
      const accept = async (clientId: Did, entries: readonly OwnEntry[]) => {
        const decisionId = `d${String(++decisions)}`
        const kid = `${clientId}#key-1`
        const client = aClient(
          { did: clientId, kid, jwk: PUBLIC_KEYS.Ed25519 },
          { decisionId, validUntil: later(NOW, 1_000) },
        )
        const decision = aDecisionAbout(client)
        await store.register(id, { decision, client, holds: [], entries }, ALL, CHANGE)
      }
      return { store, id, accept }
    }

    it('has nothing where nobody rests on an issuer of this deployment', async () => {
      const { store, id, accept } = await opened()
      await accept(A, [])
      expect(await store.ownIssuers(id)).toEqual([])
      expect(await store.clientsAt(id, ISSUER, [changed(1, 1)], 10)).toEqual([])
    })

    it('names each issuer, and the change up to which all answers are of', async () => {
      const { store, id, accept } = await opened()
      await accept(A, [entry(1, 5), entry(2, 5)])
      await accept(B, [entry(3, 7), entry(9, 2, OTHER)])
      const all = await store.ownIssuers(id)
      expect(all.toSorted((a, b) => a.since - b.since)).toEqual([
        { issuer: OTHER, since: 2 },
        { issuer: ISSUER, since: 5 },
      ])
    })

    it('finds who rests on what changed since, older changes first, and nobody else', async () => {
      const { store, id, accept } = await opened()
      await accept(A, [entry(1, 5)])
      await accept(B, [entry(2, 5)])
      const at = (...of: readonly ReturnType<typeof changed>[]) =>
        store.clientsAt(id, ISSUER, of, 10)
      expect(await at(changed(2, 6), changed(1, 7))).toEqual([B, A])
      expect(await at(changed(1, 5), changed(3, 6))).toEqual([])
      expect(await at(changed(1, 6), changed(1, 7))).toEqual([A])
      expect(await store.clientsAt(id, OTHER, [changed(1, 6)], 10)).toEqual([])
      expect(await store.clientsAt(id, ISSUER, [changed(2, 6), changed(1, 7)], 1)).toEqual([B])
    })

    it('goes on behind what was taken up, and stays where something is left', async () => {
      const { store, id, accept } = await opened()
      await accept(A, [entry(1, 5)])
      await accept(B, [entry(1, 5)])
      const all = [changed(8, 6), changed(1, 7), changed(9, 8)]
      expect(await store.tookUp(id, ISSUER, all, [A])).toBe(false)
      expect(await store.ownIssuers(id)).toEqual([{ issuer: ISSUER, since: 6 }])
      expect(await store.clientsAt(id, ISSUER, all, 10)).toEqual([B])
      expect(await store.tookUp(id, ISSUER, all, [B])).toBe(true)
      expect(await store.ownIssuers(id)).toEqual([{ issuer: ISSUER, since: 8 }])
      expect(await store.clientsAt(id, ISSUER, all, 10)).toEqual([])
    })

    it('goes back for an answer that is older than what was taken up', async () => {
      const { store, id, accept } = await opened()
      await accept(A, [entry(1, 5)])
      await store.tookUp(id, ISSUER, [changed(2, 9)], [])
      expect(await store.ownIssuers(id)).toEqual([{ issuer: ISSUER, since: 9 }])
      await accept(B, [entry(2, 7)])
      expect(await store.ownIssuers(id)).toEqual([{ issuer: ISSUER, since: 7 }])
      expect(await store.clientsAt(id, ISSUER, [changed(2, 9)], 10)).toEqual([B])
    })

    it('goes by what a client rests on now', async () => {
      const { store, id, accept } = await opened()
      await accept(A, [entry(1, 5)])
      await accept(A, [entry(2, 6)])
      expect(await store.clientsAt(id, ISSUER, [changed(1, 7), changed(2, 6)], 10)).toEqual([])
      expect(await store.clientsAt(id, ISSUER, [changed(2, 7)], 10)).toEqual([A])
      await accept(A, [])
      expect(await store.ownIssuers(id)).toEqual([])
    })
  })
