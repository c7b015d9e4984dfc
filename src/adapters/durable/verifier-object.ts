import type {
  VerifierArchiveKind,
  VerifierArchiveRow,
} from '../../domain/archive/verifier-archive-row.ts'
import type { Did } from '../../domain/did/did.ts'
import type { InstanceId, Verifier } from '../../domain/instance/instance.ts'
import type { EpochSeconds } from '../../domain/time.ts'
import { renewed } from '../../domain/registration/client-change.ts'
import type { MintedStatement } from '../../domain/registration/minted-statement.ts'
import { mayFollow } from '../../domain/registration/followed-client.ts'
import type { ChangedEntry } from '../../domain/registration/own-entry.ts'
import type { RedirectHold } from '../../domain/registration/redirect-holds.ts'
import type { RegisteredClient } from '../../domain/registration/registered-client.ts'
import { DECISION_RETENTION_SECONDS } from '../../domain/limits.ts'
import type { PolicyVersion, TrustPolicy } from '../../domain/trust/policy.ts'
import type { Applied, Change } from '../../ports/change.ts'
import type { ClientEntries } from '../../ports/client-entries.ts'
import type { ClientFollowings, ClientLook } from '../../ports/client-following.ts'
import type { Decisions, Retention, SealedDecision } from '../../ports/decisions.ts'
import type { SoftwareStatements } from '../../ports/software-statements.ts'
import type { VerifierArchive } from '../../ports/verifier-archive.ts'
import type { Registration, VerifierFounding } from '../../ports/verifier-store.ts'
import type { Page, PageRequest } from '../../ports/page.ts'
import {
  clientsAtRows,
  ENTRY_TABLES,
  ownIssuerRows,
  putEntries,
  tookUpRows,
} from './client-entry-rows.ts'
import {
  CLIENT_TABLES,
  clientChangesSince,
  clientPage,
  clientRow,
  putClientRow,
} from './client-rows.ts'
import {
  CLIENT_BY_DECISION,
  DECISION_TABLE,
  decisionNamed,
  decisionPage,
  expireDecisions,
  grantsOf,
  insertDecision,
  latestDecisionPage,
  oldestDecision,
  REGISTRATIONS_BY_CLIENT,
  removeDecision,
} from './decision-rows.ts'
import {
  clientClaims,
  decideHoldRow,
  dueRows,
  followedRow,
  FOLLOWING_TABLES,
  holdPage,
  holdRows,
  keepLookRows,
  nextDue,
  snapshotRows,
} from './following-rows.ts'
import { importDesk } from './import-desk.ts'
import { endImport, IMPORT_TABLE } from './import-rows.ts'
import {
  insertVerifierRow,
  policiesAgree,
  VERIFIER_IMPORTED,
  verifierArchivePage,
  verifierCounts,
} from './verifier-archive-rows.ts'
import { systemClock } from '../system/clock.ts'
import { INSTANCE_SCHEMA, InstanceObject } from './instance-object.ts'
import { appliedBefore, applyChange, MARKS_IN_ORDER } from './ledger.ts'
import type { Migrations } from './migrations.ts'
import {
  insertPolicy,
  newestPolicy,
  POLICY_TABLE,
  policyPage,
  putPolicyRow,
} from './policy-rows.ts'
import {
  insertStatement,
  revokeStatementRow,
  STATEMENT_TABLE,
  statementRow,
} from './statement-rows.ts'

/** Documented in docs/storage.md. */
export const VERIFIER_MIGRATIONS: Migrations = [
  `
  ${INSTANCE_SCHEMA}
  ${POLICY_TABLE}
`,
  CLIENT_TABLES,
  DECISION_TABLE,
  FOLLOWING_TABLES,
  CLIENT_BY_DECISION,
  STATEMENT_TABLE,
  IMPORT_TABLE,
  REGISTRATIONS_BY_CLIENT,
  MARKS_IN_ORDER,
  ENTRY_TABLES,
]

/** Between two alarms, so that what cannot be done does not come back at once. */
const ALARM_PAUSE_SECONDS = 1

/** What the port's method of this name answers. */
type Answer<Method extends keyof Decisions> = Awaited<ReturnType<Decisions[Method]>>
type Stated<Method extends keyof SoftwareStatements> = Awaited<
  ReturnType<SoftwareStatements[Method]>
>
type Archived<Method extends keyof VerifierArchive> = Awaited<ReturnType<VerifierArchive[Method]>>
type Entries<Method extends keyof ClientEntries> = Awaited<ReturnType<ClientEntries[Method]>>
type Followed<Method extends keyof ClientFollowings> = Awaited<ReturnType<ClientFollowings[Method]>>

/** Everything that one verifier owns: its record, policy versions and audit chain. */
export class VerifierObject extends InstanceObject<Verifier, VerifierFounding> {
  /** An alarm is set for what is due next; after a restart the platform knows and we do not. */
  #watching = false
  readonly #claims = clientClaims()
  readonly #desk = importDesk<VerifierArchiveRow>(this.storage, {
    tables: VERIFIER_IMPORTED,
    insert: (row) => insertVerifierRow(this.sql, row),
    exists: () => this.find() !== undefined,
  })

  constructor(state: DurableObjectState, env: unknown) {
    super(state, env, VERIFIER_MIGRATIONS)
  }

  protected override found({ policy }: VerifierFounding, change: Change): void {
    this.#desk.forget()
    insertPolicy(this.sql, policy, change)
  }

  policy(): PolicyVersion | undefined {
    return newestPolicy(this.sql)
  }

  putPolicy(policy: TrustPolicy, change: Change): Applied<PolicyVersion> {
    const put = applyChange(this.storage, change, () => putPolicyRow(this.sql, policy, change))
    this.watch()
    return put
  }

  policyVersions(page: PageRequest): Page<PolicyVersion> {
    return policyPage(this.sql, page)
  }

  client(clientId: Did): RegisteredClient | undefined {
    return clientRow(this.sql, clientId)
  }

  clients(page: PageRequest): Page<RegisteredClient> {
    return clientPage(this.sql, page)
  }

  followedClient(clientId: Did): Followed<'followedClient'> {
    return followedRow(this.sql, clientId)
  }

  claimClient(clientId: Did, now: EpochSeconds): boolean {
    return this.#claims.claim(clientId, now)
  }

  keepLook(look: ClientLook, change: Change): Followed<'keepLook'> {
    this.#claims.release(look.client.clientId)
    const kept = applyChange(this.storage, { ...change, mark: undefined }, () =>
      keepLookRows(this.sql, look, change),
    )
    this.watch()
    return kept.ok ? kept.value.value : 'superseded'
  }

  dueClients(now: EpochSeconds, limit: number): Followed<'dueClients'> {
    return dueRows(this.sql, now, limit)
  }

  changesSince(since: number | undefined, limit: number): Followed<'changesSince'> {
    return clientChangesSince(this.sql, since, limit)
  }

  snapshots(clientId: Did): Followed<'snapshots'> {
    return snapshotRows(this.sql, clientId)
  }

  holds(clientId: Did, page: PageRequest): Followed<'holds'> {
    return holdPage(this.sql, clientId, page)
  }

  openHolds(clientId: Did, holds: readonly RedirectHold[], change: Change): void {
    const client = clientRow(this.sql, clientId)
    if (client === undefined) return
    applyChange(this.storage, { ...change, mark: undefined }, () => {
      const audit = holdRows(this.sql, client, holds, change)
      return audit === undefined ? { value: null } : { value: null, audit }
    })
  }

  decideHold(
    hold: { readonly clientId: Did; readonly holdId: string },
    state: 'approved' | 'rejected',
    change: Change,
  ): Followed<'decideHold'> {
    return applyChange(this.storage, change, () => decideHoldRow(this.sql, hold, state, change))
  }

  ownIssuers(): Entries<'ownIssuers'> {
    return ownIssuerRows(this.sql)
  }

  clientsAt(
    issuer: InstanceId,
    changed: readonly ChangedEntry[],
    limit: number,
  ): Entries<'clientsAt'> {
    return clientsAtRows(this.sql, issuer, changed, limit)
  }

  tookUp(
    issuer: InstanceId,
    changed: readonly ChangedEntry[],
    clients: readonly Did[],
  ): Entries<'tookUp'> {
    return this.storage.transactionSync(() => tookUpRows(this.sql, issuer, changed, clients))
  }

  exportPage(kind: VerifierArchiveKind, page: PageRequest): Page<VerifierArchiveRow> {
    return verifierArchivePage(this.sql, kind, page)
  }

  beginImport(importId: string): Archived<'beginImport'> {
    return this.#desk.begin(importId)
  }

  importRows(importId: string, rows: readonly VerifierArchiveRow[]): Archived<'importRows'> {
    return this.#desk.add(importId, rows)
  }

  finishImport(
    verifier: Verifier,
    importId: string,
    tokenHash: string,
    change: Change,
  ): Archived<'finishImport'> {
    if (!this.#desk.isImporting(importId)) return 'superseded'
    if (!policiesAgree(this.sql)) return 'conflict'
    const counts = verifierCounts(this.sql)
    applyChange(this.storage, { ...change, mark: undefined }, () => {
      this.insertInstance(verifier, tokenHash)
      endImport(this.sql)
      return { value: null, audit: { action: 'instance.import', detail: { id: verifier.id } } }
    })
    this.watch()
    return counts
  }

  abandonImport(importId: string): void {
    this.#desk.abandon(importId)
  }

  keepDecision(
    decision: SealedDecision,
    retention: Retention,
    change: Change,
  ): Answer<'keepDecision'> {
    const kept = applyChange(this.storage, change, () =>
      insertDecision(this.sql, decision, retention),
    )
    if (!this.#watching) this.watch()
    return kept
  }

  register(
    { decision, client, holds, entries }: Registration,
    retention: Retention,
    change: Change,
  ): Applied<string> | 'superseded' {
    if (!mayFollow(followedRow(this.sql, client.clientId), client)) return 'superseded'
    const kept = applyChange(this.storage, change, () => {
      const before = clientRow(this.sql, client.clientId)
      const put = putClientRow(this.sql, renewed(before, client), change.at)
      const decided = insertDecision(this.sql, decision, retention)
      const held = holdRows(this.sql, put.value, holds, change)
      putEntries(this.sql, client.clientId, entries)
      const audits = [decided.audit, put.audit, held].filter((one) => one !== undefined)
      return { value: decided.value, audit: audits.flat() }
    })
    this.watch()
    return kept
  }

  /** Deletes what was kept long enough: also where nothing is kept any more that would push it out. */
  override alarm(): Promise<void> {
    const at = systemClock.now()
    const since = Math.max(0, at - DECISION_RETENTION_SECONDS)
    applyChange(this.storage, { actor: 'alarm', at, mark: undefined }, () =>
      expireDecisions(this.sql, since),
    )
    this.watch()
    return Promise.resolve()
  }

  /** Sets the alarm for what is due next: the end of the oldest decision, or a look at a client. */
  protected watch(): void {
    const oldest = oldestDecision(this.sql)
    const end = oldest === undefined ? undefined : oldest + DECISION_RETENTION_SECONDS + 1
    const due = nextDue(this.sql)
    const all = [end, due].filter((one) => one !== undefined)
    this.#watching = all.length > 0
    if (all.length === 0) return
    const soonest = systemClock.now() + ALARM_PAUSE_SECONDS
    void this.storage.setAlarm(Math.max(Math.min(...all), soonest) * 1000)
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

  grants(clientId: Did, limit: number): Answer<'grants'> {
    return grantsOf(this.sql, clientId, limit)
  }

  deleteDecision(decisionId: string, change: Change): Answer<'deleteDecision'> {
    return applyChange(this.storage, change, () => removeDecision(this.sql, decisionId))
  }

  keepStatement(statement: MintedStatement, change: Change): Stated<'keepStatement'> {
    return applyChange(this.storage, change, () => insertStatement(this.sql, statement, change))
  }

  statement(jti: string): Stated<'statement'> {
    return statementRow(this.sql, jti)
  }

  revokeStatement(jti: string, change: Change): Stated<'revokeStatement'> {
    return applyChange(this.storage, change, () => revokeStatementRow(this.sql, jti, change))
  }
}
