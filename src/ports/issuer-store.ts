import type {
  InstanceId,
  InstanceKey,
  Issuer,
  SecuringFormat,
} from '../domain/instance/instance.ts'
import type {
  KeyRotation,
  RotatedKeys,
  RotationFacts,
  RotationRefusal,
} from '../domain/instance/key-rotation.ts'
import type { KeyHoldings } from '../domain/instance/key-schedule.ts'
import type { Fault } from '../domain/fault.ts'
import type { JsonObject } from '../domain/json/strict-json.ts'
import type { Result } from '../domain/result.ts'
import type { SetEntry } from '../domain/status-list/bits.ts'
import type {
  CredentialStatus,
  StatusAllocation,
  StatusChange,
  StatusPurpose,
} from '../domain/status-list/status.ts'
import type { EpochSeconds } from '../domain/time.ts'
import type { Change, IdempotencyMark } from './change.ts'
import type { InstanceStore } from './instance-store.ts'
import type { IssuerAccreditations } from './issuer-accreditations.ts'
import type { IssuerArchive } from './issuer-archive.ts'
import type { IssuerSchemas } from './issuer-schemas.ts'
import type { Page, PageRequest } from './page.ts'
import type { StatusesChanged, StatusesPreviewed, StatusSelection } from './status-batch.ts'
import type { StatusChanges } from './status-changes.ts'

/** A credential that is about to be issued: all but its status entries and its signature. */
export interface CredentialDraft {
  /** Last segment of `/issuers/{id}/credentials/{cid}`. */
  readonly cid: string
  /** The credential's `id`. */
  readonly credentialId: string
  /** VCALM `options.credentialId`: another name under which its status can be changed. */
  readonly alias: string | undefined
  readonly format: SecuringFormat
  readonly types: readonly string[]
  readonly subject: string | undefined
  readonly validFrom: EpochSeconds
  readonly validUntil: EpochSeconds | undefined
  readonly credential: JsonObject
  /** Purposes for which an index is drawn. */
  readonly purposes: readonly StatusPurpose[]
}

/** A credential as listings show it. */
export interface CredentialSummary extends Omit<
  CredentialDraft,
  'alias' | 'credential' | 'purposes'
> {
  readonly status: CredentialStatus
  /** base64url SHA-256 of the token; absent as long as that is. */
  readonly digest: string | undefined
}

export interface StoredCredential extends CredentialDraft, CredentialSummary {
  /** What is to be signed; empty once there is a token, which says it all. */
  readonly credential: JsonObject
  readonly allocations: readonly StatusAllocation[]
  /** The signed credential; absent between reservation and completion. */
  readonly token: string | undefined
}

export interface CredentialFilter {
  readonly subject: string | undefined
  readonly type: string | undefined
  readonly status: CredentialStatus | undefined
  /** `kid` of the key that signed it; what older releases signed has none. */
  readonly key: string | undefined
}

export interface StatusListHead {
  readonly purpose: StatusPurpose
  readonly length: number
  /** Grows with every change of the list; equal versions have equal entries. */
  readonly version: number
  /** The issuer's keys as they are stored now, so that no copy of its record decides who signs. */
  readonly keys: readonly InstanceKey[]
}

export interface StatusListState extends StatusListHead {
  readonly entries: readonly SetEntry[]
}

/** What was reserved, as it was signed now or under the same mark before. */
export interface Issued {
  readonly stored: StoredCredential
  readonly token: string
  /** True when there is a token from before. */
  readonly replayed: boolean
}

type Refused<Answer> = Answer extends { ok: false; refusal: infer Refusal } ? Refusal : never

export interface IssuerStore
  extends InstanceStore<Issuer>, IssuerSchemas, IssuerArchive, IssuerAccreditations, StatusChanges {
  /**
   * Intent: in one transaction stores the draft, draws a free random index for each purpose and
   * writes audit record and mark. A `credentialId` or `alias` that is taken refuses `id_taken`, a
   * retired issuer everything but what its mark has reserved before.
   */
  reserve(
    id: InstanceId,
    draft: CredentialDraft,
    change: Change,
  ): Promise<
    Result<
      StoredCredential,
      | { reason: 'id_taken' | 'idempotency_key_reused' | 'instance_retired' }
      | { reason: 'credential_invalid'; errors: readonly Fault[] }
    >
  >
  /**
   * Keeps, under the mark of a change that may come again, what its draft was refused for: that is what
   * `reserve` answers under this mark from then on. False where the mark has come to something before.
   */
  refuseUnder(id: InstanceId, errors: readonly Fault[], change: Change): Promise<boolean>
  /** What `reserve` answers under a mark that it knows; `undefined` for one that it does not. */
  reserved(
    id: InstanceId,
    mark: IdempotencyMark,
    at: EpochSeconds,
  ): Promise<Awaited<ReturnType<IssuerStore['reserve']>> | undefined>
  /**
   * Reserves, has the credential signed and completes it, in this order, in one call to where the rows
   * are. Absent where the rows are with the caller. Answers when all of it is stored; what breaks off
   * behind the reservation is `pending`.
   */
  issue?(
    id: InstanceId,
    draft: CredentialDraft,
    change: Change,
  ): Promise<
    Result<
      Issued,
      Refused<Awaited<ReturnType<IssuerStore['reserve']>>> | { reason: 'signing_key_missing' }
    >
  >
  /**
   * Stores the token of a reserved credential, signed with the key `kid`. The first token stays; it is
   * what comes back. Refuses what a key signed that was withdrawn or is not the issuer's: then nothing
   * is stored, and the keys as they are now come back to sign with.
   */
  complete(
    id: InstanceId,
    cid: string,
    token: string,
    kid: string,
  ): Promise<Result<string, { reason: 'key_withdrawn'; keys: readonly InstanceKey[] }>>
  /** Reserved before `before` and never completed, oldest first: what a crash left. */
  pending(id: InstanceId, before: EpochSeconds, limit: number): Promise<readonly StoredCredential[]>
  /** By last path segment. */
  credential(id: InstanceId, cid: string): Promise<StoredCredential | undefined>
  /** Those that were completed, in the order of issue; a page may end early when its text grows large. */
  credentials(
    id: InstanceId,
    filter: CredentialFilter,
    page: PageRequest,
  ): Promise<Page<CredentialSummary>>
  /** The credential of this `id`, alias or `cid`, reserved or completed. */
  credentialNamed(id: InstanceId, name: string): Promise<StoredCredential | undefined>
  /** Finds the credential by `id`, alias or `cid` and sets one purpose of its status. */
  changeStatus(
    id: InstanceId,
    credentialId: string,
    change: StatusChange,
    by: Change,
  ): Promise<
    Result<
      { readonly status: CredentialStatus; readonly replayed: boolean },
      {
        reason:
          | 'credential_not_found'
          | 'status_purpose_not_issued'
          | 'revocation_final'
          | 'idempotency_key_reused'
      }
    >
  >
  /**
   * Writes the mark of a change that takes many transactions, before the first of them, and nothing
   * else; without a mark it does nothing.
   */
  beginBatch(
    id: InstanceId,
    change: Change,
  ): Promise<Result<null, { reason: 'idempotency_key_reused' }>>
  /** What `changeStatuses` would do now, or refuse. Changes nothing, writes nothing down. */
  previewStatuses(
    id: InstanceId,
    selection: StatusSelection,
    change: StatusChange,
  ): Promise<StatusesPreviewed>
  /**
   * Sets one purpose of every selected credential, in one transaction with an audit record for each
   * that changes; those whose rule refuses stay as they are. Refuses as a whole, and changes nothing,
   * when more than `MAX_BATCH_ITEMS` are selected and no page of them is asked for.
   */
  changeStatuses(
    id: InstanceId,
    selection: StatusSelection,
    change: StatusChange,
    by: Change,
  ): Promise<StatusesChanged>
  /** Last segments of the URLs of all lists that credentials are in: each purpose from its first on. */
  statusLists(id: InstanceId): Promise<readonly string[]>
  /** A list now without its entries, which costs the same however many there are. */
  statusListHead(id: InstanceId, listId: string): Promise<StatusListHead | undefined>
  /**
   * State of a list now, or at a moment before now with all that had happened by then; `undefined` for
   * a list that had no entry.
   */
  statusList(
    id: InstanceId,
    listId: string,
    at?: EpochSeconds,
  ): Promise<StatusListState | undefined>
  /** Decides and stores a rotation of the issuer's keys, in one transaction with its audit record. */
  rotateKeys(
    id: InstanceId,
    wanted: KeyRotation,
    facts: Omit<RotationFacts, 'now'>,
    change: Change,
  ): Promise<Result<RotatedKeys, RotationRefusal | { reason: 'idempotency_key_reused' }>>
  /**
   * The keys with the last expiry of what each signed and nobody revoked. A credential without a
   * signer on record counts for every key that was there from the beginning.
   */
  keyHoldings(id: InstanceId): Promise<KeyHoldings>
  /** How many credentials of a key neither expired nor were revoked. Counted likewise. */
  liveCredentials(id: InstanceId, kid: string, now: EpochSeconds): Promise<number>
  /** One entry; `undefined` for an index that no credential holds. */
  statusAt(
    id: InstanceId,
    listId: string,
    index: number,
  ): Promise<{ readonly purpose: StatusPurpose; readonly set: boolean } | undefined>
}
