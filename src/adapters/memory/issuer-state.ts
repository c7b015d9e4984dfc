import type { SchemaRow, StatusChangeRow } from '../../domain/archive/archive-row.ts'
import type { StatusPurpose } from '../../domain/status-list/status.ts'
import type { EpochSeconds } from '../../domain/time.ts'
import type { CredentialDraft, StoredCredential } from '../../ports/issuer-store.ts'

/** A credential of an issuer in memory. */
export interface Row {
  readonly sequence: number
  draft: CredentialDraft
  readonly reservedAt: EpochSeconds
  readonly allocations: StoredCredential['allocations']
  token: string | undefined
  /** `kid` of the key that signed the token. */
  signedBy: string | undefined
  revoked: boolean
  suspended: boolean
}

interface List {
  version: number
  readonly taken: Map<number, Row>
}

/** What a store in memory keeps of one issuer beside its record and its audit chain. */
export interface Credentials {
  readonly rows: Row[]
  readonly lists: Record<StatusPurpose, List>
  readonly changes: StatusChangeRow[]
  readonly schemas: SchemaRow[]
  /** Tokens of the accreditations that it publishes. */
  accreditations: readonly string[]
}

/** There is one list of each purpose. */
export const listId = (purpose: StatusPurpose): string => `${purpose}-1`

/** What an issuer begins with. */
export const noCredentials = (): Credentials => ({
  rows: [],
  lists: {
    revocation: { version: 1, taken: new Map() },
    suspension: { version: 1, taken: new Map() },
  },
  changes: [],
  schemas: [],
  accreditations: [],
})
