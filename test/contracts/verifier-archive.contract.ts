import { describe, expect, it } from 'vitest'
import {
  VERIFIER_ARCHIVE_KINDS,
  type VerifierArchiveRow,
} from '../../src/domain/archive/verifier-archive-row.ts'
import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import { sha256Text } from '../../src/adapters/system/sha256.ts'
import { firstBrokenLink, GENESIS } from '../../src/domain/audit/audit-record.ts'
import type { InstanceId } from '../../src/domain/instance/instance.ts'
import type { VerifierStore } from '../../src/ports/verifier-store.ts'
import { didOf } from '../support/did-documents.ts'
import { PUBLIC_KEYS } from '../support/public-keys.ts'
import { aClient, aDecisionAbout, registerClient } from '../support/registered-clients.ts'
import { aVerifier, CHANGE, freshId, NOW, VERIFIER_FOUNDING } from './instances.ts'

const did = didOf('did:web:client-1.example')
const client = aClient(
  { did, kid: `${did}#key-1`, jwk: PUBLIC_KEYS.Ed25519 },
  { decisionId: 'registration', tokenEndpointAuthSigningAlg: 'Ed25519' },
)
const ALL = { cursor: undefined, limit: 100 }

/** What a store of verifiers promises of moving one out and in. */
export const verifierArchiveContract = (adapter: string, open: () => VerifierStore) =>
  describe(`VerifierArchive contract: ${adapter}`, () => {
    const rowsOf = async (store: VerifierStore, id: InstanceId) => {
      const rows: VerifierArchiveRow[] = []
      for (const kind of VERIFIER_ARCHIVE_KINDS) {
        let cursor: string | undefined
        do {
          const page = await store.exportPage(id, kind, { cursor, limit: 2 })
          rows.push(...page.rows)
          cursor = page.cursor
        } while (cursor !== undefined)
      }
      return rows
    }

    const exported = async () => {
      const store = open()
      const { id } = aVerifier(freshId())
      await store.create(aVerifier(id), VERIFIER_FOUNDING, CHANGE)
      await store.putPolicy(id, VERIFIER_FOUNDING.policy, CHANGE)
      const evidence = '{}'
      const decision = aDecisionAbout(client, {
        policyVersion: 2,
        digest: sha256Text(evidence),
        evidence,
        receipt: encodeBase64url(utf8('receipt')),
      })
      await registerClient(store, id, client, CHANGE, decision)
      await store.keepLook(
        id,
        {
          basedOn: 0,
          client: { ...client, status: 'suspended', reason: 'suspended' },
          following: {
            clientId: did,
            decisionId: client.decisionId,
            credentials: ['a.b.c'],
            settled: { status: 'suspended', reason: 'suspended', since: NOW, at: NOW },
            policyVersion: 1,
            own: [],
            evidenceAt: NOW,
            freshUntil: NOW,
            terms: undefined,
            digest: undefined,
            facts: undefined,
          },
          dueAt: NOW,
          snapshots: [{ clientId: did, digest: 'd', seenAt: NOW, document: '{}', changes: [] }],
          holds: [],
          entries: [],
        },
        CHANGE,
      )
      return { store, rows: await rowsOf(store, id) }
    }

    const kindsIn = (rows: readonly VerifierArchiveRow[]) => rows.map(({ kind }) => kind)

    it('exports every row once, the feed and the audit chain last', async () => {
      const { rows } = await exported()
      expect(kindsIn(rows)).toEqual([
        ...['policy', 'policy', 'client', 'client_following', 'client_snapshot', 'decision'],
        ...['client_change', 'client_change', 'audit', 'audit', 'audit', 'audit', 'audit'],
      ])
    })

    it('a verifier that moved is the same, and its chain goes on', async () => {
      const { rows } = await exported()
      const store = open()
      const verifier = aVerifier(freshId())
      const { id } = verifier
      expect(await store.beginImport(id, 'i1')).toBe('begun')
      expect(await store.importRows(id, 'i1', rows)).toBe('added')
      expect(await store.find(id)).toBeUndefined()
      expect(await store.finishImport(verifier, 'i1', 'hash', CHANGE)).toEqual({
        policies: 2,
        clients: 1,
        decisions: 1,
        auditRecords: 5,
      })
      const moved = await rowsOf(store, id)
      expect(moved.slice(0, rows.length)).toEqual(rows)
      const audit = (await store.audit(id, ALL)).rows
      expect(audit.at(-1)?.action).toBe('instance.import')
      const start = { sequence: 0, hash: GENESIS }
      expect(firstBrokenLink(audit, start, sha256Text)).toBeUndefined()
      // A follower goes on with the cursor that it had, and the clients are looked at anew.
      expect(await store.changesSince(id, 2, 10)).toEqual({ rows: [], more: false })
      expect(await store.dueClients(id, NOW, 10)).toEqual([did])
      expect((await store.policy(id))?.version).toBe(2)
    })

    it('says under which policy a client was decided, unless its decision was left behind', async () => {
      const { rows } = await exported()
      const imported = async (brought: readonly VerifierArchiveRow[]) => {
        const store = open()
        const verifier = aVerifier(freshId())
        await store.beginImport(verifier.id, 'i1')
        expect(await store.importRows(verifier.id, 'i1', brought)).toBe('added')
        await store.finishImport(verifier, 'i1', 'hash', CHANGE)
        return store.followedClient(verifier.id, did)
      }
      expect(await imported(rows)).toMatchObject({ decidedUnder: 2 })
      const without = await imported(rows.filter(({ kind }) => kind !== 'decision'))
      expect(without).toMatchObject({ client: { clientId: did }, decidedUnder: undefined })
    })

    it.each<[what: string, change: (rows: VerifierArchiveRow[]) => VerifierArchiveRow[]]>([
      ['a row twice', (rows) => [...rows, ...rows.slice(0, 1)]],
      ['a look at a client that is not there', (rows) => rows.filter((r) => r.kind !== 'client')],
    ])('takes in nothing of %s', async (_, change) => {
      const { rows } = await exported()
      const store = open()
      const { id } = aVerifier(freshId())
      await store.beginImport(id, 'i1')
      expect(await store.importRows(id, 'i1', change([...rows]))).toBe('conflict')
      expect(await store.importRows(id, 'i1', rows)).toBe('added')
    })

    it('finishes no import without a policy, and none that was superseded', async () => {
      const { rows } = await exported()
      const store = open()
      const verifier = aVerifier(freshId())
      const { id } = verifier
      await store.beginImport(id, 'i1')
      expect(await store.finishImport(verifier, 'i1', 'hash', CHANGE)).toBe('conflict')
      await store.beginImport(id, 'i2')
      expect(await store.importRows(id, 'i1', rows)).toBe('superseded')
      expect(await store.finishImport(verifier, 'i1', 'hash', CHANGE)).toBe('superseded')
      await store.importRows(id, 'i2', rows)
      await store.abandonImport(id, 'i2')
      expect(await store.create(verifier, VERIFIER_FOUNDING, CHANGE)).toBe('created')
      expect((await store.clients(id, ALL)).rows).toEqual([])
      expect(await store.beginImport(id, 'i3')).toBe('exists')
    })
  })
