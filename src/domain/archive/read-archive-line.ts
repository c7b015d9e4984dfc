import type { Fault } from '../fault.ts'
import {
  isInstanceId,
  SECURING_FORMATS,
  type InstanceId,
  type InstanceKey,
  type Issuer,
} from '../instance/instance.ts'
import * as json from '../json/decode.ts'
import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import {
  MAX_IMPORT_LINE_BYTES,
  MAX_INSTANCE_KEYS,
  MAX_TEXT_CHARACTERS,
  MAX_TOKEN_CHARACTERS,
  MAX_URL_CHARACTERS,
  STATUS_LIST_ENTRIES,
} from '../limits.ts'
import { refuse, type Result } from '../result.ts'
import { STATUS_PURPOSES } from '../status-list/status.ts'
import { isEpochSeconds, isMoment, type EpochSeconds } from '../time.ts'
import { ARCHIVE_KINDS, type ArchiveKind, type ArchiveRow } from './archive-row.ts'

/** Number of the form that is written and read here; a later form gets the next number. */
export const ARCHIVE_FORMAT = 1

export interface ArchiveHeader<Instance> {
  readonly instance: Instance
  /** Public halves of the instance's keys, by `kid`: a key of the same name may be another one. */
  readonly publicKeys: JsonObject
  /** When the export was made. */
  readonly at: EpochSeconds
}

export interface ArchiveEnd {
  readonly lines: number
  readonly sha256: string
  /** Compact JWS; see `archive-seal.ts`. Absent from what was never sealed. */
  readonly seal?: string | undefined
}

export const anyText = json.where(
  (value): value is string => typeof value === 'string' && value.length <= MAX_IMPORT_LINE_BYTES,
  'a text',
)
export const url = json.text(MAX_URL_CHARACTERS)
export const shortText = json.text(MAX_TEXT_CHARACTERS)
export const number = json.wholeNumber(1, Number.MAX_SAFE_INTEGER)
const purpose = json.oneOf(...STATUS_PURPOSES)
/** A list is read at a URL that ends so: nothing that leads elsewhere. */
const listId = json.where(
  (value): value is string =>
    typeof value === 'string' && /^(?:revocation|suspension)-[1-9][0-9]{0,8}$/.test(value),
  'the name of a status list',
)
export const time = json.where(isEpochSeconds, 'whole seconds since 1970')
const moment = json.where(isMoment, 'whole seconds from 1970')

const orNull =
  <Value>(decoder: json.Decoder<Value>): json.Decoder<Value | null> =>
  (value, pointer, faults) =>
    value === null ? null : decoder(value, pointer, faults)

/** Exports of an older release do not have it. */
const orAbsent =
  <Value>(decoder: json.Decoder<Value>): json.Decoder<Value | null> =>
  (value, pointer, faults) =>
    value === undefined ? null : orNull(decoder)(value, pointer, faults)

export const KEY = json.object({
  kid: shortText,
  verificationMethod: url,
  listedAt: json.optional(time),
  signsFrom: json.optional(time),
  withdrawn: json.optional(json.object({ at: time, why: json.oneOf('compromised', 'retired') })),
})

const HEADER = json.object({
  kind: json.oneOf('header'),
  format: json.wholeNumber(ARCHIVE_FORMAT, ARCHIVE_FORMAT),
  issuer: json.object({
    id: json.where((value): value is InstanceId => isInstanceId(value), 'the name of an issuer'),
    name: shortText,
    did: json.did,
    keys: json.list(KEY, 1, MAX_INSTANCE_KEYS),
    securing: json.oneOf(...SECURING_FORMATS),
    createdAt: time,
    retiredAt: json.optional(time),
  }),
  publicKeys: json.anyObject,
  at: time,
})

const END = json.object({
  kind: json.oneOf('end'),
  lines: number,
  sha256: shortText,
  seal: json.optional(json.text(MAX_TOKEN_CHARACTERS)),
})

/** One record of the audit chain. */
export const AUDIT_ROW = json.object({
  kind: json.oneOf('audit'),
  sequence: number,
  at: time,
  actor: shortText,
  action: shortText,
  detail: json.anyObject,
  previous: anyText,
  hash: shortText,
})

const ROWS: { readonly [Kind in ArchiveKind]: json.Decoder<ArchiveRow & { kind: Kind }> } = {
  credential: json.object({
    kind: json.oneOf('credential'),
    sequence: number,
    cid: url,
    credentialId: url,
    alias: orNull(url),
    format: json.oneOf(...SECURING_FORMATS),
    types: json.list(anyText, 1, Number.MAX_SAFE_INTEGER),
    subject: orNull(anyText),
    validFrom: moment,
    validUntil: orNull(moment),
    reservedAt: time,
    draft: json.anyObject,
    token: orNull(anyText),
    signedBy: orAbsent(shortText),
    revoked: json.boolean,
    suspended: json.boolean,
    allocations: json.list(
      json.object({
        purpose,
        listId,
        index: json.wholeNumber(0, STATUS_LIST_ENTRIES - 1),
      }),
      0,
      STATUS_PURPOSES.length,
    ),
  }),
  status_list: json.object({
    kind: json.oneOf('status_list'),
    id: listId,
    purpose,
    taken: json.wholeNumber(0, STATUS_LIST_ENTRIES),
    version: number,
  }),
  status_change: json.object({
    kind: json.oneOf('status_change'),
    sequence: number,
    credential: number,
    purpose,
    status: json.boolean,
    at: time,
    actor: shortText,
    reason: orNull(anyText),
  }),
  schema: json.object({
    kind: json.oneOf('schema'),
    sequence: number,
    type: shortText,
    version: number,
    digest: shortText,
    text: anyText,
    at: time,
    actor: shortText,
  }),
  audit: AUDIT_ROW,
}

/** Reads the first line of an export. */
export function readHeader(line: Json): Result<ArchiveHeader<Issuer>, readonly Fault[]> {
  const header = json.decode(HEADER, line)
  if (!header.ok) return header
  const { retiredAt, keys, ...issuer } = header.value.issuer
  const { publicKeys, at } = header.value
  return {
    ok: true,
    value: {
      instance: {
        ...issuer,
        keys: writtenKeys(keys),
        ...(retiredAt === undefined ? {} : { retiredAt }),
      },
      publicKeys,
      at,
    },
  }
}

type WrittenKey = typeof KEY extends json.Decoder<infer Value> ? Value : never

/** Keys as they are kept: what is absent is not there. */
export const writtenKeys = (keys: readonly WrittenKey[]): readonly InstanceKey[] =>
  keys.map(({ kid, verificationMethod, listedAt, signsFrom, withdrawn }) => ({
    kid,
    verificationMethod,
    ...(listedAt === undefined ? {} : { listedAt }),
    ...(signsFrom === undefined ? {} : { signsFrom }),
    ...(withdrawn === undefined ? {} : { withdrawn }),
  }))

/** Reads the last line of an export. */
export const readEnd = (line: Json): Result<ArchiveEnd, readonly Fault[]> => json.decode(END, line)

/** Reads a line between them. */
export function readRow(line: Json): Result<ArchiveRow, readonly Fault[]> {
  const kind = kindOf(line)
  const known = ARCHIVE_KINDS.find((one) => one === kind)
  if (known === undefined) return refuse([{ pointer: '/kind', detail: 'must be a known kind' }])
  return json.decode<ArchiveRow>(ROWS[known], line)
}

export const kindOf = (line: Json): Json | undefined =>
  isJsonObject(line) ? line['kind'] : undefined
