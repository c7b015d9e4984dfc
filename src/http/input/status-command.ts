import * as json from '../../domain/json/decode.ts'
import { isJsonObject } from '../../domain/json/strict-json.ts'
import { MAX_BATCH_ITEMS, MAX_TEXT_CHARACTERS, MAX_URL_CHARACTERS } from '../../domain/limits.ts'
import { STATUS_PURPOSES, type StatusPurpose } from '../../domain/status-list/status.ts'
import type { ChangeStatuses } from '../../use-cases/change-credential-statuses.ts'

/** The body of a status call for many, as it is written. */
export interface StatusBatchBody {
  readonly select: Partial<ChangeStatuses['select']>
  readonly statusPurpose: StatusPurpose
  readonly status: boolean
  readonly reason?: string | undefined
  readonly dryRun: boolean
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
})

export const statusesCommand = ({
  select: { credentialIds, subject, type },
  statusPurpose,
  status,
  reason,
}: StatusBatchBody): ChangeStatuses => ({
  select: { credentialIds, subject, type },
  purpose: statusPurpose,
  status,
  ...(reason === undefined ? {} : { reason }),
})
