import type { InstanceId } from '../domain/instance/instance.ts'
import type { MintedStatement, StatementRecord } from '../domain/registration/minted-statement.ts'
import type { Applied, Change } from './change.ts'

/** What a verifier's store keeps of the software statements that it has signed. */
export interface SoftwareStatements {
  /**
   * Remembers a statement until its end, and forgets those that have ended, in one transaction with the
   * audit record. Answers with the statement that was kept under this mark.
   */
  keepStatement(
    id: InstanceId,
    statement: MintedStatement,
    change: Change,
  ): Promise<Applied<MintedStatement>>
  /** `undefined` for a statement that this verifier never signed, or that is forgotten. */
  statement(id: InstanceId, jti: string): Promise<StatementRecord | undefined>
  /** For good; the first time stays. In one transaction with the audit record. */
  revokeStatement(
    id: InstanceId,
    jti: string,
    change: Change,
  ): Promise<Applied<'revoked' | 'not_found'>>
}
