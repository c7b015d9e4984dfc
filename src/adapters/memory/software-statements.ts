import type { StatementRecord } from '../../domain/registration/minted-statement.ts'
import { EXPIRY_SKEW_SECONDS } from '../../domain/limits.ts'
import type { SoftwareStatements } from '../../ports/software-statements.ts'
import type { memoryLedger } from './ledger.ts'

/** The statements that a memory store keeps of one verifier, by `jti`. */
export type MemoryStatements = Map<string, StatementRecord>

export const noStatements = (): MemoryStatements => new Map<string, StatementRecord>()

/** The statement part of a memory store of verifiers; `of` finds what it keeps of one. */
export const memorySoftwareStatements = (
  of: (id: string) => {
    readonly ledger: ReturnType<typeof memoryLedger>
    readonly statements: MemoryStatements
  },
): SoftwareStatements => ({
  async keepStatement(id, statement, change) {
    const { ledger, statements } = of(id)
    return ledger.apply(change, () => {
      for (const [jti, { expiresAt }] of statements)
        if (expiresAt < change.at - EXPIRY_SKEW_SECONDS) statements.delete(jti)
      const { token: _, ...record } = statement
      const { jti, clientId, audience, decisionId, expiresAt } = record
      statements.set(jti, { ...record, revokedAt: undefined })
      const detail = { jti, clientId, audience, decisionId, expiresAt }
      return { value: statement, audit: { action: 'software_statement.mint', detail } }
    })
  },
  statement: async (id, jti) => of(id).statements.get(jti),
  async revokeStatement(id, jti, change) {
    const { ledger, statements } = of(id)
    return ledger.apply<'revoked' | 'not_found'>(change, () => {
      const before = statements.get(jti)
      if (before === undefined) return { value: 'not_found' }
      if (before.revokedAt !== undefined) return { value: 'revoked' }
      statements.set(jti, { ...before, revokedAt: change.at })
      const detail = { jti, clientId: before.clientId }
      return { value: 'revoked', audit: { action: 'software_statement.revoke', detail } }
    })
  },
})
