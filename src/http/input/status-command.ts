import * as json from '../../domain/json/decode.ts'
import { isJsonObject } from '../../domain/json/strict-json.ts'
import { MAX_BATCH_ITEMS, MAX_TEXT_CHARACTERS, MAX_URL_CHARACTERS } from '../../domain/limits.ts'
import { STATUS_PURPOSES, type StatusPurpose } from '../../domain/status-list/status.ts'
import type { ChangeStatuses } from '../../use-cases/change-credential-statuses.ts'

/** The body of a status call for many, as it is written. */
export interface StatusBatchBody {
  readonly select: Partial<Omit<ChangeStatuses['select'], 'after'>>
  readonly statusPurpose: StatusPurpose
  readonly status: boolean
  readonly reason?: string | undefined
  readonly dryRun: boolean
  /** Asks for a page of the selected; `0` is the first. */
  readonly cursor?: string | undefined
}

const MEMBERS: json.Decoder<StatusBatchBody['select']> = json.object({
  credentialIds: json.optional(json.list(json.text(MAX_URL_CHARACTERS), 1, MAX_BATCH_ITEMS)),
  subject: json.optional(json.did),
  type: json.optional(json.text(MAX_TEXT_CHARACTERS)),
})

/** One member at least: nobody selects everything by leaving something out. */
const SELECT: typeof MEMBERS = (value, pointer, faults) => {
  if (isJsonObject(value) && Object.keys(value).length === 0)
    faults.push({ pointer, detail: 'must name credentialIds, subject or type' })
  return MEMBERS(value, pointer, faults)
}

export const STATUS_MANY: json.Decoder<StatusBatchBody> = json.object({
  select: SELECT,
  statusPurpose: json.oneOf(...STATUS_PURPOSES),
  status: json.boolean,
  reason: json.optional(json.text(MAX_TEXT_CHARACTERS)),
  dryRun: json.boolean,
  cursor: json.optional(
    json.where(
      (value): value is string => typeof value === 'string' && /^\d{1,15}$/.test(value),
      '0, or the cursor of the page before',
    ),
  ),
})

export const statusesCommand = ({
  select: { credentialIds, subject, type },
  statusPurpose,
  status,
  reason,
  cursor,
}: StatusBatchBody): ChangeStatuses => ({
  select: {
    credentialIds,
    subject,
    type,
    after: cursor === undefined ? undefined : Number(cursor),
  },
  purpose: statusPurpose,
  status,
  ...(reason === undefined ? {} : { reason }),
})
