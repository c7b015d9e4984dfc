import type { Did } from '../../domain/did/did.ts'
import type { Verifier } from '../../domain/instance/instance.ts'
import type { ClientChange } from '../../domain/registration/client-change.ts'
import type { RegisteredClient } from '../../domain/registration/registered-client.ts'
import { DECISION_RETENTION_SECONDS } from '../../domain/limits.ts'
import type { PolicyVersion, TrustPolicy } from '../../domain/trust/policy.ts'
import type { Applied, Change } from '../../ports/change.ts'
import type { Decisions, Retention, SealedDecision } from '../../ports/decisions.ts'
import type { VerifierFounding } from '../../ports/verifier-store.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import {
  CLIENT_TABLES,
  clientChangePage,
  clientPage,
  clientRow,
  putClientRow,
} from './client-rows.ts'
import {
  DECISION_TABLE,
  decisionNamed,
  decisionPage,
  expireDecisions,
  insertDecision,
  latestDecisionPage,
  oldestDecision,
  removeDecision,
} from './decision-rows.ts'
import { systemClock } from '../system/clock.ts'
import { INSTANCE_SCHEMA, InstanceObject } from './instance-object.ts'
import { appliedBefore, applyChange, pageOf } from './ledger.ts'
import type { Migrations } from './migrations.ts'

/** Documented in docs/storage.md. */
export const VERIFIER_MIGRATIONS: Migrations = [
  `
  ${INSTANCE_SCHEMA}
  CREATE TABLE policy (
    version INTEGER PRIMARY KEY,
    policy  TEXT    NOT NULL, -- JSON: TrustPolicy
    at      INTEGER NOT NULL, -- epoch seconds
    actor   TEXT    NOT NULL
  ) STRICT;
`,
  CLIENT_TABLES,
  DECISION_TABLE,
]

type PolicyRow = { version: number; policy: string; at: number; actor: string }

const policyVersion = (row: PolicyRow): PolicyVersion => ({
  ...row,
  at: row.at as PolicyVersion['at'],
  policy: JSON.parse(row.policy) as TrustPolicy,
})

/** What the port's method of this name answers. */
type Answer<Method extends keyof Decisions> = Awaited<ReturnType<Decisions[Method]>>

/** Everything that one verifier owns: its record, policy versions and audit chain. */
export class VerifierObject extends InstanceObject<Verifier, VerifierFounding> {
  /** An alarm is set for the oldest decision; after a restart the platform knows and we do not. */
  #watching = false

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env, VERIFIER_MIGRATIONS)
  }

  protected override found({ policy }: VerifierFounding, change: Change): void {
    this.#insert(policy, change)
  }

  policy(): PolicyVersion | undefined {
    const [row] = this.sql
      .exec<PolicyRow>('SELECT * FROM policy ORDER BY version DESC LIMIT 1')
      .toArray()
    return row && policyVersion(row)
  }

  putPolicy(policy: TrustPolicy, change: Change): Applied<PolicyVersion> {
    return applyChange(this.storage, change, () => {
      const added = this.#insert(policy, change)
      return { value: added, audit: { action: 'policy.put', detail: { version: added.version } } }
    })
  }

  policyVersions({ cursor, limit }: PageRequest): Page<PolicyVersion> {
    const rows = this.sql.exec<PolicyRow>(
      'SELECT * FROM policy WHERE version > ? ORDER BY version LIMIT ?',
      Number(cursor ?? 0),
      limit + 1,
    )
    const page = pageOf(rows, limit, ({ version }) => String(version))
    return { ...page, rows: page.rows.map(policyVersion) }
  }

  putClient(client: RegisteredClient, change: Change): Applied<RegisteredClient> {
    return applyChange(this.storage, change, () => putClientRow(this.sql, client, change.at))
  }

  client(clientId: Did): RegisteredClient | undefined {
    return clientRow(this.sql, clientId)
  }

  clients(page: PageRequest): Page<RegisteredClient> {
    return clientPage(this.sql, page)
  }

  clientChanges(page: PageRequest): Page<ClientChange> {
    return clientChangePage(this.sql, page)
  }

  keepDecision(
    decision: SealedDecision,
    retention: Retention,
    change: Change,
  ): Answer<'keepDecision'> {
    const kept = applyChange(this.storage, change, () =>
      insertDecision(this.sql, decision, retention),
    )
    if (!this.#watching) this.#watchOldest()
    return kept
  }

  /** Deletes what was kept long enough: also where nothing is kept any more that would push it out. */
  override alarm(): Promise<void> {
    const at = systemClock.now()
    const since = Math.max(0, at - DECISION_RETENTION_SECONDS)
    applyChange(this.storage, { actor: 'alarm', at, mark: undefined }, () =>
      expireDecisions(this.sql, since),
    )
    this.#watchOldest()
    return Promise.resolve()
  }

  #watchOldest(): void {
    const oldest = oldestDecision(this.sql)
    this.#watching = oldest !== undefined
    if (oldest !== undefined)
      void this.storage.setAlarm((oldest + DECISION_RETENTION_SECONDS + 1) * 1000)
  }

  decisionUnder({ mark, at }: Change): Answer<'decisionUnder'> {
    return mark && appliedBefore<string>(this.sql, mark, at)
  }

  decision(decisionId: string): Answer<'decision'> {
    return decisionNamed(this.sql, decisionId)
  }

  decisions(page: PageRequest): Answer<'decisions'> {
    return decisionPage(this.sql, page)
  }

  latestDecisions(page: PageRequest): Answer<'latestDecisions'> {
    return latestDecisionPage(this.sql, page)
  }

  deleteDecision(decisionId: string, change: Change): Answer<'deleteDecision'> {
    return applyChange(this.storage, change, () => removeDecision(this.sql, decisionId))
  }

  #insert(policy: TrustPolicy, { at, actor }: Change): PolicyVersion {
    const version = (this.policy()?.version ?? 0) + 1
    this.sql.exec(
      'INSERT INTO policy (version, policy, at, actor) VALUES (?, ?, ?, ?)',
      version,
      JSON.stringify(policy),
      at,
      actor,
    )
    return { version, policy, at, actor }
  }
}
