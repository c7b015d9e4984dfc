import type { Issuer, SecuringFormat } from '../instance/instance.ts'
import type { Json, JsonObject } from '../json/strict-json.ts'
import { listed, textsIn } from '../json/values.ts'
import { bitstringEntry, statusListUrl } from '../status-list/status-entry.ts'
import type { StatusAllocation } from '../status-list/status.ts'
import { dateTimeStamp, isMoment, parseDateTimeStamp, type EpochSeconds } from '../time.ts'
import { MAX_LSO_VALIDITY_SECONDS } from '../limits.ts'
import { lsoTypeOf } from './lso-types.ts'
import { BASE_CONTEXTS, type DataModel } from './data-model-version.ts'

/** The data model that each format secures. */
export const MODEL_OF = { 'vc+jwt': '2.0', jwt_vc: '1.1' } as const satisfies Readonly<
  Record<SecuringFormat, DataModel>
>

/** Defines `BitstringStatusListEntry` for VCDM 1.1, whose base context does not. */
const STATUS_CONTEXT = 'https://www.w3.org/ns/credentials/status/v1'

const YEAR_SECONDS = 365 * 24 * 60 * 60

/**
 * Validity of an LSO credential whose caller names no end: one year, and of an accreditation as long as
 * may be, because what is issued under it must end with it.
 */
const lsoValiditySeconds = (types: readonly string[]): number =>
  types.includes('LsoIssuerAccreditationCredential') ? MAX_LSO_VALIDITY_SECONDS : YEAR_SECONDS

/** Where a credential of an issuer can be looked up (rule R7). */
export const credentialUrl = (publicUrl: string, issuerId: string, cid: string): string =>
  `${publicUrl}/issuers/${issuerId}/credentials/${cid}`

/** The last segment of such a URL of this issuer; undefined for every other text. */
export function cidInUrl(publicUrl: string, issuerId: string, url: string): string | undefined {
  const prefix = credentialUrl(publicUrl, issuerId, '')
  return url.startsWith(prefix) ? url.slice(prefix.length) : undefined
}

/**
 * Fills in what the caller left out: `@context`, `id`, `issuer`, the start of validity, and for LSO
 * types the LSO context and an end of validity. What the caller wrote stays as it is, also `null`.
 */
export function completeCredential(
  given: JsonObject,
  issuer: Issuer,
  format: SecuringFormat,
  {
    publicUrl,
    cid,
    now,
    hasStatus,
  }: {
    readonly publicUrl: string
    readonly cid: string
    readonly now: EpochSeconds
    /** Whether status entries of ours will be added. */
    readonly hasStatus: boolean
  },
): JsonObject {
  const model = MODEL_OF[format]
  const [from, until] =
    model === '2.0' ? ['validFrom', 'validUntil'] : ['issuanceDate', 'expirationDate']
  const types = textsIn(given['type'])
  const isLso = lsoTypeOf(types) !== undefined
  const { '@context': context, id, type, issuer: named, ...rest } = given
  const start = given[from]
  const begins = (typeof start === 'string' ? parseDateTimeStamp(start) : undefined) ?? now
  return {
    '@context': contexts(context, model, [
      ...(model === '1.1' && hasStatus ? [STATUS_CONTEXT] : []),
      ...(isLso ? [`${publicUrl}/contexts/lso-v1`] : []),
    ]),
    id: id === undefined ? credentialUrl(publicUrl, issuer.id, cid) : id,
    ...(type === undefined ? {} : { type }),
    issuer: named === undefined ? issuer.did : named,
    [from]: dateTimeStamp(now),
    ...(isLso ? endAfter(begins, lsoValiditySeconds(types), until, now) : {}),
    ...rest,
  }
}

/** None behind the year 9999, and none that has passed already: then the caller must name one. */
const endAfter = (
  begins: EpochSeconds,
  seconds: number,
  member: string,
  now: EpochSeconds,
): JsonObject => {
  const end = begins + seconds
  return isMoment(end) && end > now ? { [member]: dateTimeStamp(end) } : {}
}

/** The base context first, then the caller's, then ours where they are missing. */
function contexts(given: Json | undefined, model: DataModel, ours: readonly string[]): Json {
  if (given === undefined) return [BASE_CONTEXTS[model], ...ours]
  const list = listed(given)
  return [...list, ...ours.filter((url) => !list.includes(url))]
}

/** The credential as it is signed: the caller's own status entries stay beside ours. */
export function withStatusEntries(
  credential: JsonObject,
  allocations: readonly StatusAllocation[],
  { publicUrl, issuerId }: { publicUrl: string; issuerId: string },
): JsonObject {
  const ours = allocations.map((allocation) =>
    bitstringEntry(statusListUrl(publicUrl, issuerId, allocation.listId), allocation),
  )
  const entries = [...ours, ...listed(credential['credentialStatus'])]
  const [only] = entries
  if (only === undefined) return credential
  return { ...credential, credentialStatus: entries.length === 1 ? only : entries }
}
