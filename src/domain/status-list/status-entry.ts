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

/** A status entry of somebody's credential, as far as it says what we can ask. */
export type StatusEntry =
  | {
      readonly kind: 'bitstring'
      readonly purpose: StatusPurpose
      readonly index: number
      readonly listUrl: string
    }
  /** `refresh` or `message`, which decide nothing about validity. */
  | { readonly kind: 'other_purpose' }
  /** A purpose that we do not know: it may be one that decides. */
  | { readonly kind: 'unknown_purpose' }
  | { readonly kind: 'unknown_type' }
  /** The index is no canonical decimal number (row S3); `malformed` when more than that is wrong. */
  | { readonly kind: 'index_invalid' }
  | { readonly kind: 'malformed' }

/** Reads `credentialStatus`: one entry or a list of them. Absent: an empty list. */
export function readStatusEntries(credentialStatus: Json | undefined): readonly StatusEntry[] {
  return listed(credentialStatus).map((entry) =>
    isJsonObject(entry) ? readStatusEntry(entry) : { kind: 'malformed' },
  )
}

/** Bitstring Status List 1.0 §2.2: purposes that say nothing about whether it still counts. */
const HARMLESS_PURPOSES = ['refresh', 'message']

/** Below 2^53, so that it is exact; without sign, leading zero, exponent or fraction. */
const INDEX = /^(?:0|[1-9]\d{0,14})$/

function readStatusEntry(entry: JsonObject): StatusEntry {
  const { type, statusPurpose, statusListIndex, statusListCredential, statusSize } = entry
  if (!listed(type).includes('BitstringStatusListEntry')) return { kind: 'unknown_type' }
  if (typeof statusPurpose !== 'string' || typeof statusListCredential !== 'string') {
    return { kind: 'malformed' }
  }
  const purpose = STATUS_PURPOSES.find((known) => known === statusPurpose)
  if (purpose === undefined) {
    return { kind: HARMLESS_PURPOSES.includes(statusPurpose) ? 'other_purpose' : 'unknown_purpose' }
  }
  if (typeof statusListIndex !== 'string' || !INDEX.test(statusListIndex))
    return { kind: 'index_invalid' }
  if (statusSize !== undefined && statusSize !== 1) return { kind: 'malformed' }
  return {
    kind: 'bitstring',
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
