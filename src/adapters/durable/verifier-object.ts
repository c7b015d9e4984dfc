import type { Verifier } from '../../domain/instance/instance.ts'
import type { PolicyVersion, TrustPolicy } from '../../domain/trust/policy.ts'
import type { Applied, Change } from '../../ports/change.ts'
import type { VerifierFounding } from '../../ports/verifier-store.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import { INSTANCE_SCHEMA, InstanceObject } from './instance-object.ts'
import { applyChange, pageOf } from './ledger.ts'
import type { Migrations } from './migrations.ts'

/** Documented in docs/storage.md. */
const VERIFIER_MIGRATIONS: Migrations = [
  `
  ${INSTANCE_SCHEMA}
  CREATE TABLE policy (
    version INTEGER PRIMARY KEY,
    policy  TEXT    NOT NULL, -- JSON: TrustPolicy
    at      INTEGER NOT NULL, -- epoch seconds
    actor   TEXT    NOT NULL
  ) STRICT;
`,
]

type PolicyRow = { version: number; policy: string; at: number; actor: string }

const policyVersion = (row: PolicyRow): PolicyVersion => ({
  ...row,
  at: row.at as PolicyVersion['at'],
  policy: JSON.parse(row.policy) as TrustPolicy,
})

/** Everything that one verifier owns: its record, policy versions and audit chain. */
export class VerifierObject extends InstanceObject<Verifier, VerifierFounding> {
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
