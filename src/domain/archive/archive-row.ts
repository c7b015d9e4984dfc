import type { AuditRecord } from '../audit/audit-record.ts'
import type { SecuringFormat } from '../instance/instance.ts'
import type { JsonObject } from '../json/strict-json.ts'
import type { StatusAllocation, StatusPurpose } from '../status-list/status.ts'
import type { EpochSeconds } from '../time.ts'

/** Kinds of rows, in the order in which an export lists them. */
export const ARCHIVE_KINDS = [
  'credential',
  'status_list',
  'status_change',
  'schema',
  'audit',
] as const
export type ArchiveKind = (typeof ARCHIVE_KINDS)[number]

export interface CredentialRow {
  readonly kind: 'credential'
  readonly sequence: number
  readonly cid: string
  readonly credentialId: string
  readonly alias: string | null
  readonly format: SecuringFormat
  readonly types: readonly string[]
  readonly subject: string | null
  readonly validFrom: EpochSeconds
  readonly validUntil: EpochSeconds | null
  readonly reservedAt: EpochSeconds
  readonly draft: JsonObject
  /** Null between reservation and completion. */
  readonly token: string | null
  /** `kid` of the key that signed it; null where that is not on record. */
  readonly signedBy: string | null
  readonly revoked: boolean
  readonly suspended: boolean
  readonly allocations: readonly StatusAllocation[]
}

export interface StatusListRow {
  readonly kind: 'status_list'
  readonly id: string
  readonly purpose: StatusPurpose
  /** Entries that belong to a credential. */
  readonly taken: number
  readonly version: number
}

export interface StatusChangeRow {
  readonly kind: 'status_change'
  readonly sequence: number
  /** `sequence` of the credential. */
  readonly credential: number
  readonly purpose: StatusPurpose
  readonly status: boolean
  readonly at: EpochSeconds
  readonly actor: string
  readonly reason: string | null
}

export interface SchemaRow {
  readonly kind: 'schema'
  readonly sequence: number
  readonly type: string
  readonly version: number
  readonly digest: string
  readonly text: string
  readonly at: EpochSeconds
  readonly actor: string
}

export interface AuditRow extends AuditRecord {
  readonly kind: 'audit'
}

/** One row of an export, as it is written on one line. Nothing in it opens anything: no token hash, no mark. */
export type ArchiveRow = CredentialRow | StatusListRow | StatusChangeRow | SchemaRow | AuditRow
