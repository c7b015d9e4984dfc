import { describe, expect, it } from 'vitest'
import type { MintedStatement } from '../../src/domain/registration/minted-statement.ts'
import { EXPIRY_SKEW_SECONDS } from '../../src/domain/limits.ts'
import { later } from '../../src/domain/time.ts'
import type { VerifierStore } from '../../src/ports/verifier-store.ts'
import { didOf } from '../support/did-documents.ts'
import { aVerifier, CHANGE, freshId, marked, NOW, VERIFIER_FOUNDING } from './instances.ts'

const aStatement = (jti: string): MintedStatement => ({
  jti,
  clientId: didOf('did:web:buyer.example'),
  audience: 'https://other-as.example',
  decisionId: 'decision-1',
  mintedAt: NOW,
  expiresAt: later(NOW, 600),
  token: `token of ${jti}`,
})

const { token: _, ...RECORD } = { ...aStatement('s1'), revokedAt: undefined }
const at = (seconds: number) => ({ ...CHANGE, at: later(NOW, seconds) })

/** What a store of verifiers promises of software statements. */
export const softwareStatementsContract = (adapter: string, open: () => VerifierStore) =>
  describe(`SoftwareStatements contract: ${adapter}`, () => {
    const opened = async () => {
      const store = open()
      const verifier = aVerifier(freshId())
      await store.create(verifier, VERIFIER_FOUNDING, CHANGE)
      return { store, id: verifier.id }
    }
    const actions = async ({ store, id }: Awaited<ReturnType<typeof opened>>) =>
      (await store.audit(id, { cursor: undefined, limit: 100 })).rows.map(({ action }) => action)

    it('H17: remembers a statement with its audit record, and not its token', async () => {
      const { store, id } = await opened()
      const kept = await store.keepStatement(id, aStatement('s1'), CHANGE)
      expect(kept).toEqual({ ok: true, value: { value: aStatement('s1'), replayed: false } })
      expect(await store.statement(id, 's1')).toEqual(RECORD)
      const { rows } = await store.audit(id, { cursor: undefined, limit: 100 })
      expect(rows.at(-1)).toMatchObject({
        action: 'software_statement.mint',
        detail: { jti: 's1', clientId: 'did:web:buyer.example', decisionId: 'decision-1' },
      })
      expect(JSON.stringify(rows)).not.toContain('token of')
    })

    it('H9: keeps the statements of each verifier apart', async () => {
      const [one, other] = [await opened(), await opened()]
      await one.store.keepStatement(one.id, aStatement('s1'), CHANGE)
      expect(await other.store.statement(other.id, 's1')).toBeUndefined()
      const revoked = await other.store.revokeStatement(other.id, 's1', CHANGE)
      expect(revoked).toMatchObject({ value: { value: 'not_found' } })
      expect((await one.store.statement(one.id, 's1'))?.revokedAt).toBeUndefined()
    })

    it('H13: keeps one statement for one mark, and gives it back with its token', async () => {
      const { store, id } = await opened()
      await store.keepStatement(id, aStatement('s1'), marked('key'))
      const again = await store.keepStatement(id, aStatement('s2'), marked('key'))
      expect(again).toEqual({ ok: true, value: { value: aStatement('s1'), replayed: true } })
      expect(await store.statement(id, 's2')).toBeUndefined()
    })

    it('S16: takes a statement back for good, with one audit record', async () => {
      const world = await opened()
      const { store, id } = world
      await store.keepStatement(id, aStatement('s1'), CHANGE)
      await store.keepStatement(id, aStatement('s2'), CHANGE)
      const revoked = await store.revokeStatement(id, 's1', at(5))
      await store.revokeStatement(id, 's1', at(9))
      expect(revoked).toEqual({ ok: true, value: { value: 'revoked', replayed: false } })
      expect(await store.statement(id, 's1')).toEqual({ ...RECORD, revokedAt: later(NOW, 5) })
      expect((await store.statement(id, 's2'))?.revokedAt).toBeUndefined()
      expect((await actions(world)).slice(3)).toEqual(['software_statement.revoke'])
    })

    it.each([
      { when: 'in the last second that it counts', seconds: 600 + EXPIRY_SKEW_SECONDS, kept: true },
      { when: 'a second later', seconds: 600 + EXPIRY_SKEW_SECONDS + 1, kept: false },
    ])('remembers a statement $when: $kept', async ({ seconds, kept }) => {
      const { store, id } = await opened()
      await store.keepStatement(id, aStatement('s1'), CHANGE)
      await store.keepStatement(id, aStatement('s2'), at(seconds))
      expect((await store.statement(id, 's1')) !== undefined).toBe(kept)
    })
  })
