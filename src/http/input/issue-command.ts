import { SECURING_FORMATS } from '../../domain/instance/instance.ts'
import * as json from '../../domain/json/decode.ts'
import type { JsonObject } from '../../domain/json/strict-json.ts'
import { MAX_BATCH_ITEMS, MAX_URL_CHARACTERS } from '../../domain/limits.ts'
import { STATUS_PURPOSES } from '../../domain/status-list/status.ts'
import type { IssueCredential } from '../../use-cases/issue-credential.ts'

/** The body of an issue call (VCALM), as it is written. */
export interface IssueBody {
  readonly credential: JsonObject
  readonly options?: Partial<Omit<IssueCredential, 'credential'>> | undefined
}

const PURPOSES = json.list(json.oneOf(...STATUS_PURPOSES), 0, STATUS_PURPOSES.length)

/** Each once: an entry more of the same purpose would be another place to look, with one answer. */
const DISTINCT: typeof PURPOSES = (value, pointer, faults) => {
  if (Array.isArray(value) && new Set(value).size < value.length)
    faults.push({ pointer, detail: 'must name each purpose once' })
  return PURPOSES(value, pointer, faults)
}

export const ISSUE: json.Decoder<IssueBody> = json.object({
  credential: json.anyObject,
  options: json.optional(
    json.object({
      credentialId: json.optional(json.text(MAX_URL_CHARACTERS)),
      format: json.optional(json.oneOf(...SECURING_FORMATS)),
      status: json.optional(DISTINCT),
    }),
  ),
})

/** Many of them. */
export const ISSUE_MANY = json.object({ credentials: json.list(ISSUE, 1, MAX_BATCH_ITEMS) })

export const issueCommand = ({ credential, options }: IssueBody): IssueCredential => ({
  credential,
  credentialId: options?.credentialId,
  format: options?.format,
  status: options?.status,
})
