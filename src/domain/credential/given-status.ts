import { pointerStep, type Fault } from '../fault.ts'
import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import { listed } from '../json/values.ts'
import { MAX_STATUS_ENTRIES } from '../limits.ts'
import { namesOwnUrl } from '../own-url.ts'
import { STATUS_PURPOSES } from '../status-list/status.ts'
import {
  fault,
  isJsonList,
  NO_FAULTS,
  oneOrMore,
  optional,
  required,
  url,
  type Check,
} from './data-model-checks.ts'

/**
 * What is wrong with the status entries that a caller gives: one in a list of this service, where entries
 * are drawn (row S12), and one that its own specification rules out, so that no verifier can read it.
 * Purposes and types that are not known here may be somebody's (VCDM 2.0 §4.10) and stay.
 */
export function givenStatusFaults(
  credentialStatus: Json | undefined,
  publicUrl: string,
): readonly Fault[] {
  const entries = listed(credentialStatus)
  const pointer = '/credentialStatus'
  if (entries.length > MAX_STATUS_ENTRIES) return fault(pointer, 'has too many entries')
  return entries.flatMap((entry, index) => {
    const at = isJsonList(credentialStatus) ? pointer + pointerStep(index) : pointer
    if (!isJsonObject(entry)) return NO_FAULTS
    return [
      ...(namesOwnUrl(entry, publicUrl)
        ? fault(at, 'is in a list of this service: those are drawn here')
        : NO_FAULTS),
      ...listEntryFaults(entry, at),
    ]
  })
}

/** Bitstring Status List 1.0 §2.1, and its forerunner as far as it is the same. */
function listEntryFaults(entry: JsonObject, at: string): readonly Fault[] {
  const types = listed(entry['type'])
  const isBitstring = types.includes('BitstringStatusListEntry')
  if (!isBitstring && !types.includes('StatusList2021Entry')) return NO_FAULTS
  return [
    ...required(entry, at, 'statusPurpose', text, 'say what a set bit means'),
    ...required(entry, at, 'statusListIndex', index, 'name the place in the list'),
    ...required(entry, at, 'statusListCredential', url, 'add the absolute URL of the list'),
    ...(isBitstring ? bitstringFaults(entry, at) : NO_FAULTS),
  ]
}

function bitstringFaults(entry: JsonObject, at: string): readonly Fault[] {
  const { id, statusListCredential, statusPurpose, statusSize = 1, statusMessage } = entry
  const isOneBit = STATUS_PURPOSES.some((purpose) => purpose === statusPurpose)
  const size =
    Number.isSafeInteger(statusSize) && Number(statusSize) >= 1 ? Number(statusSize) : undefined
  return [
    ...(id !== undefined && id === statusListCredential
      ? fault(`${at}/id`, 'must not be that of the list')
      : NO_FAULTS),
    ...(size === undefined || (isOneBit && size > 1)
      ? fault(`${at}/statusSize`, 'must be a whole number from 1, and 1 for this purpose or absent')
      : NO_FAULTS),
    ...(statusMessage === undefined && (size ?? 1) > 1
      ? fault(`${at}/statusMessage`, 'is missing: say what each value means')
      : NO_FAULTS),
    ...optional(entry, at, 'statusMessage', messages(2 ** (size ?? 1))),
    ...optional(entry, at, 'statusReference', oneOrMore(url)),
  ]
}

const text: Check = (value, at) =>
  typeof value === 'string' && value !== '' ? NO_FAULTS : fault(at, 'must be text')

const index: Check = (value, at) =>
  typeof value === 'string' && /^(?:0|[1-9]\d{0,14})$/.test(value)
    ? NO_FAULTS
    : fault(at, 'must be a whole number from 0, as text without leading zeros')

const hexadecimal: Check = (value, at) =>
  typeof value === 'string' && /^0x[0-9A-Fa-f]+$/.test(value)
    ? NO_FAULTS
    : fault(at, 'must be a value such as 0x1')

const messages =
  (count: number): Check =>
  (value, at) =>
    isJsonList(value) && value.length === count
      ? value.flatMap((one, position) => message(one, at + pointerStep(position)))
      : fault(at, 'must be a list of as many messages as an entry of this size has values')

const message: Check = (value, at) =>
  isJsonObject(value)
    ? [
        ...required(value, at, 'status', hexadecimal, 'name the value'),
        ...required(value, at, 'message', text, 'say what the value means'),
      ]
    : fault(at, 'must be an object with status and message')
