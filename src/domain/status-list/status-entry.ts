import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import { listed } from '../json/values.ts'
import { STATUS_PURPOSES, type StatusAllocation, type StatusPurpose } from './status.ts'

/** Where an issuer of this deployment publishes a list. */
export const statusListUrl = (publicUrl: string, issuerId: string, listId: string): string =>
  `${publicUrl}/issuers/${issuerId}/status-lists/${listId}`

/** Where an issuer of this deployment names all its lists (Token Status List §9). */
export const statusListsUrl = (publicUrl: string, issuerId: string): string =>
  `${publicUrl}/issuers/${issuerId}/status-lists`

/** A `BitstringStatusListEntry` (Bitstring Status List 1.0 §2.1). The index is text there. */
export function bitstringEntry(listUrl: string, { purpose, index }: StatusAllocation): JsonObject {
  return {
    id: `${listUrl}#${String(index)}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: purpose,
    statusListIndex: String(index),
    statusListCredential: listUrl,
  }
}

/** What a caller says of the entry that it means, beside its purpose; each member may be absent. */
export interface NamedEntry {
  readonly id: string | undefined
  readonly statusListIndex: string | undefined
  readonly statusListCredential: string | undefined
}

/** True when an entry of ours has every member that was named, letter by letter. */
export const isNamedEntry = (entry: JsonObject, named: NamedEntry): boolean =>
  (['id', 'statusListIndex', 'statusListCredential'] as const).every(
    (member) => named[member] === undefined || named[member] === entry[member],
  )

/** A kind of status list: Bitstring Status List 1.0, its forerunner, or Token Status List. */
export type StatusMechanism = 'BitstringStatusList' | 'StatusList2021' | 'TokenStatusList'

/** A status entry of somebody's credential, as far as it says what we can ask. */
export type StatusEntry =
  | {
      readonly kind: 'listed'
      readonly mechanism: StatusMechanism
      /** `undefined` for a Token Status List, whose values say which of both it is. */
      readonly purpose: StatusPurpose | undefined
      readonly index: number
      readonly listUrl: string
    }
  /** `refresh` or `message`, which decide nothing about validity. */
  | { readonly kind: 'other_purpose' }
  /** A purpose that we do not know: it may be one that decides. */
  | { readonly kind: 'unknown_purpose' }
  | { readonly kind: 'unknown_type' }
  /** An entry of more than one bit, whose values mean what its issuer likes. */
  | { readonly kind: 'unknown_size' }
  /** The index is no canonical decimal number (row S3); `malformed` when more than that is wrong. */
  | { readonly kind: 'index_invalid' }
  | { readonly kind: 'malformed' }

/** Reads `credentialStatus`: one entry or a list of them. Absent: an empty list. */
export function readStatusEntries(credentialStatus: Json | undefined): readonly StatusEntry[] {
  return listed(credentialStatus).map((entry) =>
    isJsonObject(entry) ? readStatusEntry(entry) : { kind: 'malformed' },
  )
}

/** Reads the `status` claim (Token Status List §6): what stands beside `status_list` is unknown to us. */
export function readTokenStatus(status: Json): readonly StatusEntry[] {
  const mechanisms = isJsonObject(status) ? Object.keys(status) : []
  if (!isJsonObject(status) || mechanisms.length === 0) return [{ kind: 'unknown_type' }]
  return mechanisms.map((mechanism) =>
    mechanism === 'status_list'
      ? readTokenStatusEntry(status['status_list'])
      : { kind: 'unknown_type' },
  )
}

function readTokenStatusEntry(entry: Json | undefined): StatusEntry {
  if (!isJsonObject(entry)) return { kind: 'malformed' }
  const { idx, uri } = entry
  if (typeof uri !== 'string') return { kind: 'malformed' }
  if (typeof idx !== 'number' || !Number.isSafeInteger(idx) || idx < 0)
    return { kind: 'index_invalid' }
  return {
    kind: 'listed',
    mechanism: 'TokenStatusList',
    purpose: undefined,
    index: idx,
    listUrl: uri,
  }
}

/** Bitstring Status List 1.0 §2.2: purposes that say nothing about whether it still counts. */
const HARMLESS_PURPOSES = ['refresh', 'message']

/** Below 2^53, so that it is exact; without sign, leading zero, exponent or fraction. */
const INDEX = /^(?:0|[1-9]\d{0,14})$/

/** One entry points into one kind of list; an entry of two types into none. */
function mechanismOf(types: readonly Json[]): StatusMechanism | undefined {
  const bitstring = types.includes('BitstringStatusListEntry')
  if (bitstring === types.includes('StatusList2021Entry')) return undefined
  return bitstring ? 'BitstringStatusList' : 'StatusList2021'
}

function readStatusEntry(entry: JsonObject): StatusEntry {
  const { type, statusPurpose, statusListIndex, statusListCredential, statusSize } = entry
  const mechanism = mechanismOf(listed(type))
  if (mechanism === undefined) return { kind: 'unknown_type' }
  if (typeof statusPurpose !== 'string' || typeof statusListCredential !== 'string') {
    return { kind: 'malformed' }
  }
  const purpose = STATUS_PURPOSES.find((known) => known === statusPurpose)
  if (purpose === undefined) {
    return { kind: HARMLESS_PURPOSES.includes(statusPurpose) ? 'other_purpose' : 'unknown_purpose' }
  }
  if (typeof statusListIndex !== 'string' || !INDEX.test(statusListIndex))
    return { kind: 'index_invalid' }
  if (statusSize !== undefined && statusSize !== 1) return { kind: 'unknown_size' }
  return {
    kind: 'listed',
    mechanism,
    purpose,
    index: Number(statusListIndex),
    listUrl: statusListCredential,
  }
}

/** The issuer and list behind a URL of `statusListUrl`; undefined for a list of somebody else. */
export function hostedStatusList(
  publicUrl: string,
  listUrl: string,
): { readonly issuerId: string; readonly listId: string } | undefined {
  const prefix = `${publicUrl}/issuers/`
  if (!listUrl.startsWith(prefix)) return undefined
  const [, issuerId, listId] =
    /^([A-Za-z0-9_-]{1,64})\/status-lists\/([a-z0-9-]{1,64})$/.exec(listUrl.slice(prefix.length)) ??
    []
  return issuerId === undefined || listId === undefined ? undefined : { issuerId, listId }
}
