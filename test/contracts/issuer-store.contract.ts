import { describe, expect, it } from 'vitest'
import type { StatusChange } from '../../src/domain/status-list/status.ts'
import { IDEMPOTENCY_SECONDS, STATUS_LIST_ENTRIES } from '../../src/domain/limits.ts'
import { ok } from '../../src/domain/result.ts'
import { later } from '../../src/domain/time.ts'
import type { CredentialDraft, IssuerStore } from '../../src/ports/issuer-store.ts'
import { anIssuer, CHANGE, freshId, ISSUER_FOUNDING, marked, NOW } from './instances.ts'

/** A credential that is about to be issued, named after its `cid`. */
export const draft = (name: string, change: Partial<CredentialDraft> = {}): CredentialDraft => ({
  cid: name,
  credentialId: `https://trust.example/credentials/${name}`,
  alias: undefined,
  format: 'vc+jwt',
  types: ['VerifiableCredential', 'ExampleCredential'],
  subject: 'did:web:buyer.example.com',
  validFrom: NOW,
  validUntil: later(NOW, 60),
  credential: {
    type: ['VerifiableCredential'],
    credentialSubject: { id: 'did:web:buyer.example.com' },
  },
  purposes: ['revocation'],
  ...change,
})

const REVOKE: StatusChange = { purpose: 'revocation', status: true, reason: 'withdrawn' }
const SUSPEND: StatusChange = { purpose: 'suspension', status: true }
const ALL = { subject: undefined, type: undefined, status: undefined, key: undefined }

/** What a store of issuers promises beyond what every store of instances does. */
export const issuerStoreContract = (adapter: string, open: () => IssuerStore) =>
  describe(`IssuerStore contract: ${adapter}`, () => {
    const opened = async () => {
      const store = open()
      const { id } = anIssuer(freshId())
      await store.create(anIssuer(id), ISSUER_FOUNDING, CHANGE)
      return { store, id }
    }
    /** A store with one issued credential that can be revoked and suspended. */
    const issued = async () => {
      const { store, id } = await opened()
      const purposes = ['revocation', 'suspension'] as const
      const reserved = await store.reserve(
        id,
        draft('c1', { purposes, alias: 'urn:alias:c1' }),
        CHANGE,
      )
      if (!reserved.ok) throw new Error('not reserved')
      await store.complete(id, 'c1', 'signed', 'k1')
      return { store, id, name: reserved.value.credentialId, reserved: reserved.value }
    }

    it('keeps a draft until there is a token, and then the token', async () => {
      const { store, id } = await opened()
      const reserved = await store.reserve(id, draft('c1'), CHANGE)
      expect(reserved).toMatchObject({ ok: true, value: { cid: 'c1', status: 'active' } })
      expect(await store.credential(id, 'c1')).toMatchObject({ ...draft('c1'), token: undefined })
      await store.complete(id, 'c1', 'signed', 'k1')
      const completed = await store.credential(id, 'c1')
      expect(completed).toMatchObject({ ...draft('c1'), credential: {}, token: 'signed' })
      expect(completed?.credential).toEqual({})
    })

    it('finds a credential by each of its names', async () => {
      const { store, id } = await opened()
      await store.reserve(id, draft('c1', { alias: 'urn:alias:c1' }), CHANGE)
      for (const name of ['c1', 'urn:alias:c1', draft('c1').credentialId]) {
        expect(await store.credentialNamed(id, name)).toMatchObject({ cid: 'c1' })
      }
      expect(await store.credentialNamed(id, 'c2')).toBeUndefined()
    })

    it('H16: names what was reserved before a time and never completed', async () => {
      const { store, id } = await opened()
      await store.reserve(id, draft('left'), CHANGE)
      await store.reserve(id, draft('done'), CHANGE)
      await store.complete(id, 'done', 'signed', 'k1')
      const before = async (at: number) =>
        (await store.pending(id, later(NOW, at), 10)).map(({ cid }) => cid)
      expect([await before(0), await before(1)]).toEqual([[], ['left']])
    })

    it('keeps the first token and answers it to a second completion', async () => {
      const { store, id } = await opened()
      await store.reserve(id, draft('c1'), CHANGE)
      expect(await store.complete(id, 'c1', 'first', 'k1')).toEqual(ok('first'))
      expect(await store.complete(id, 'c1', 'second', 'k1')).toEqual(ok('first'))
    })

    it('S12: gives 64 simultaneous credentials 64 different indexes inside the list', async () => {
      const { store, id } = await opened()
      const all = await Promise.all(
        Array.from({ length: 64 }, (_, at) => store.reserve(id, draft(`c${String(at)}`), CHANGE)),
      )
      const places = all.flatMap((one) => (one.ok ? one.value.allocations : []))
      expect(new Set(places.map(({ listId, index }) => `${listId} ${String(index)}`)).size).toBe(64)
      expect(places.every(({ index }) => index >= 0 && index < STATUS_LIST_ENTRIES)).toBe(true)
    })

    it('draws one index for each purpose, from a list of that purpose', async () => {
      const { store, id, reserved } = await issued()
      expect(reserved.allocations.map(({ purpose }) => purpose)).toEqual([
        'revocation',
        'suspension',
      ])
      for (const { listId, index, purpose } of reserved.allocations) {
        expect(await store.statusList(id, listId)).toMatchObject({ purpose, entries: [] })
        expect(await store.statusAt(id, listId, index)).toEqual({ purpose, set: false })
      }
    })

    it.each([
      { when: 'its id', change: { cid: 'c2', credentialId: draft('c1').credentialId } },
      { when: 'its alias', change: { cid: 'c2', alias: draft('c1').credentialId } },
    ])('V10: refuses a draft when $when is taken', async ({ change }) => {
      const { store, id } = await opened()
      await store.reserve(id, draft('c1'), CHANGE)
      expect(await store.reserve(id, draft('c2', change), CHANGE)).toEqual({
        ok: false,
        refusal: { reason: 'id_taken' },
      })
      expect(await store.reserve(id, draft('c2'), CHANGE)).toMatchObject({ ok: true })
    })

    it('H13: answers the same mark with the credential that was reserved first', async () => {
      const { store, id } = await opened()
      const first = await store.reserve(id, draft('c1'), marked('key'))
      const again = await store.reserve(id, draft('other'), marked('key'))
      expect(again).toEqual(first)
      await store.complete(id, 'c1', 'signed', 'k1')
      expect(
        (await store.credentials(id, ALL, { cursor: undefined, limit: 10 })).rows,
      ).toHaveLength(1)
    })

    it('H13: answers the same mark with the faults that are kept under it', async () => {
      const { store, id } = await opened()
      const errors = [{ pointer: '/type', detail: 'must be another' }]
      const refused = { ok: false, refusal: { reason: 'credential_invalid', errors } }
      expect(await store.refuseUnder(id, errors, marked('key'))).toBe(true)
      expect(await store.refuseUnder(id, [], marked('key'))).toBe(false)
      expect(await store.reserve(id, draft('c1'), marked('key'))).toEqual(refused)
      const mark = { key: 'key', request: 'one body' }
      expect(await store.reserved(id, mark, NOW)).toEqual(refused)
      const first = await store.reserve(id, draft('c1'), marked('other'))
      expect(await store.refuseUnder(id, errors, marked('other'))).toBe(false)
      expect(await store.reserve(id, draft('c1'), marked('other'))).toEqual(first)
    })

    it('H13: tells what a mark has reserved, without a draft', async () => {
      const { store, id } = await opened()
      const of = (key: string, request: string, at = 0) =>
        store.reserved(id, { key, request }, later(NOW, at))
      const first = await store.reserve(id, draft('c1'), marked('key'))
      expect(await of('key', 'one body')).toEqual(first)
      expect(await of('key', 'another body')).toEqual({
        ok: false,
        refusal: { reason: 'idempotency_key_reused' },
      })
      expect(await of('other key', 'one body')).toBeUndefined()
      expect(await of('key', 'one body', IDEMPOTENCY_SECONDS)).toBeUndefined()
      const taken = await store.reserve(id, draft('c1'), marked('taken'))
      expect(taken).toEqual({ ok: false, refusal: { reason: 'id_taken' } })
      expect(await of('taken', 'one body')).toEqual(taken)
    })

    it('H13: of 64 simultaneous reservations under one key one is stored', async () => {
      const { store, id } = await opened()
      const all = await Promise.all(
        Array.from({ length: 64 }, (_, at) =>
          store.reserve(id, draft(`c${String(at)}`), marked('key')),
        ),
      )
      expect(new Set(all.map((one) => (one.ok ? one.value.cid : 'refused'))).size).toBe(1)
    })

    it('shows a revocation in the very next answers', async () => {
      const { store, id, name, reserved } = await issued()
      const changed = await store.changeStatus(id, name, REVOKE, CHANGE)
      expect(changed).toEqual({ ok: true, value: { status: 'revoked', replayed: false } })
      expect((await store.credential(id, 'c1'))?.status).toBe('revoked')
      const [{ listId, index } = { listId: '', index: -1 }] = reserved.allocations
      expect(await store.statusAt(id, listId, index)).toEqual({ purpose: 'revocation', set: true })
      expect((await store.statusList(id, listId))?.entries).toEqual([
        { index, revoked: true, suspended: false },
      ])
    })

    it('tells the head of a list without its entries', async () => {
      const { store, id, name, reserved } = await issued()
      const listId = reserved.allocations[0]?.listId ?? ''
      await store.changeStatus(id, name, REVOKE, CHANGE)
      const { entries, ...head } = (await store.statusList(id, listId)) ?? {}
      expect(entries).toHaveLength(1)
      expect(await store.statusListHead(id, listId)).toEqual(head)
      expect(await store.statusListHead(id, 'revocation-9')).toBeUndefined()
    })

    it('grows the version of a list with each change', async () => {
      const { store, id, name, reserved } = await issued()
      const listId = reserved.allocations[0]?.listId ?? ''
      const before = (await store.statusList(id, listId))?.version ?? 0
      await store.changeStatus(id, name, REVOKE, CHANGE)
      expect((await store.statusList(id, listId))?.version).toBeGreaterThan(before)
    })

    it('H13: answers a mark after retirement too, and reserves nothing new', async () => {
      const { store, id } = await opened()
      const first = await store.reserve(id, draft('c1'), marked('key'))
      await store.update(id, { retiredAt: NOW }, CHANGE)
      expect(await store.reserve(id, draft('c1'), marked('key'))).toEqual(first)
      expect(await store.reserve(id, draft('c2'), CHANGE)).toEqual({
        ok: false,
        refusal: { reason: 'instance_retired' },
      })
    })

    it('H13: remembers a status call that changed nothing', async () => {
      const { store, id, name } = await issued()
      await store.changeStatus(id, name, SUSPEND, CHANGE)
      await store.changeStatus(id, name, SUSPEND, marked('key'))
      await store.changeStatus(id, name, { ...SUSPEND, status: false }, CHANGE)
      expect(await store.changeStatus(id, name, SUSPEND, marked('key'))).toMatchObject({
        value: { status: 'suspended', replayed: true },
      })
      expect((await store.credential(id, 'c1'))?.status).toBe('active')
    })

    it('ends a page before its text grows large, and misses nothing', async () => {
      const { store, id } = await opened()
      const types = ['VerifiableCredential', 'x'.repeat(200_000)]
      for (let at = 0; at < 8; at++) {
        await store.reserve(id, draft(`c${String(at)}`, { types }), CHANGE)
        await store.complete(id, `c${String(at)}`, 'signed', 'k1')
      }
      const seen: string[] = []
      let cursor: string | undefined
      do {
        const page = await store.credentials(id, ALL, { cursor, limit: 1_000 })
        seen.push(...page.rows.map(({ cid }) => cid))
        cursor = page.cursor
      } while (cursor !== undefined)
      expect(seen).toEqual(Array.from({ length: 8 }, (_, at) => `c${String(at)}`))
    })

    it('finds the credential by the last segment of its URL', async () => {
      const { store, id } = await issued()
      expect(await store.changeStatus(id, 'c1', REVOKE, CHANGE)).toMatchObject({ ok: true })
    })

    it('finds the credential by its alias too', async () => {
      const { store, id } = await issued()
      expect(await store.changeStatus(id, 'urn:alias:c1', REVOKE, CHANGE)).toMatchObject({
        ok: true,
      })
    })

    it('S16: never undoes a revocation', async () => {
      const { store, id, name } = await issued()
      await store.changeStatus(id, name, REVOKE, CHANGE)
      expect(await store.changeStatus(id, name, { ...REVOKE, status: false }, CHANGE)).toEqual({
        ok: false,
        refusal: { reason: 'revocation_final' },
      })
      expect((await store.credential(id, 'c1'))?.status).toBe('revoked')
    })

    it('lifts a suspension', async () => {
      const { store, id, name } = await issued()
      await store.changeStatus(id, name, SUSPEND, CHANGE)
      expect((await store.credential(id, 'c1'))?.status).toBe('suspended')
      await store.changeStatus(id, name, { ...SUSPEND, status: false }, CHANGE)
      expect((await store.credential(id, 'c1'))?.status).toBe('active')
    })

    it('writes no second record for a status that is set already', async () => {
      const { store, id, name } = await issued()
      await store.changeStatus(id, name, REVOKE, CHANGE)
      const before = (await store.audit(id, { cursor: undefined, limit: 100 })).rows.length
      expect(await store.changeStatus(id, name, REVOKE, CHANGE)).toMatchObject({ ok: true })
      expect((await store.audit(id, { cursor: undefined, limit: 100 })).rows).toHaveLength(before)
    })

    it('refuses a purpose that the credential has no entry for', async () => {
      const { store, id } = await opened()
      await store.reserve(id, draft('c1'), CHANGE)
      const { credentialId } = draft('c1')
      expect(await store.changeStatus(id, credentialId, SUSPEND, CHANGE)).toEqual({
        ok: false,
        refusal: { reason: 'status_purpose_not_issued' },
      })
    })

    it('refuses a credential it does not know', async () => {
      const { store, id } = await opened()
      expect(await store.changeStatus(id, 'urn:nobody', REVOKE, CHANGE)).toEqual({
        ok: false,
        refusal: { reason: 'credential_not_found' },
      })
    })

    it('S3: knows nothing of an index that no credential holds', async () => {
      const { store, id, reserved } = await issued()
      const [{ listId, index } = { listId: '', index: -1 }] = reserved.allocations
      expect(await store.statusAt(id, listId, (index + 1) % STATUS_LIST_ENTRIES)).toBeUndefined()
      expect(await store.statusAt(id, listId, STATUS_LIST_ENTRIES)).toBeUndefined()
      expect(await store.statusAt(id, 'revocation-9', index)).toBeUndefined()
      expect(await store.statusList(id, 'revocation-9')).toBeUndefined()
    })

    it('lists by subject, type and status, in pages that miss nothing', async () => {
      const { store, id } = await opened()
      for (const name of ['c1', 'c2', 'c3']) {
        await store.reserve(id, draft(name), CHANGE)
        await store.complete(id, name, `signed ${name}`, 'k1')
      }
      await store.reserve(id, draft('pending'), CHANGE)
      await store.reserve(
        id,
        draft('c4', { subject: 'did:web:other.example.com', types: ['Other'] }),
        CHANGE,
      )
      await store.complete(id, 'c4', 'signed c4', 'k1')
      await store.changeStatus(id, draft('c2').credentialId, REVOKE, CHANGE)
      const cids = async (filter: object) =>
        (
          await store.credentials(id, { ...ALL, ...filter }, { cursor: undefined, limit: 10 })
        ).rows.map(({ cid }) => cid)
      expect(await cids({})).toEqual(['c1', 'c2', 'c3', 'c4'])
      expect(await cids({ subject: 'did:web:other.example.com' })).toEqual(['c4'])
      expect(await cids({ type: 'ExampleCredential', status: 'active' })).toEqual(['c1', 'c3'])
      expect(await cids({ status: 'revoked' })).toEqual(['c2'])
      const first = await store.credentials(id, ALL, { cursor: undefined, limit: 3 })
      const rest = await store.credentials(id, ALL, { cursor: first.cursor, limit: 3 })
      expect(rest.rows.map(({ cid }) => cid)).toEqual(['c4'])
    })
  })
