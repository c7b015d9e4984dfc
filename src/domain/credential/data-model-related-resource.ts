import type { Fault } from '../fault.ts'
import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import {
  fault,
  isJsonList,
  joined,
  NO_FAULTS,
  oneOrMore,
  optional,
  required,
  url,
  type Check,
} from './data-model-checks.ts'
import type { DataModel } from './data-model-version.ts'

/** Subresource Integrity §3.1: one or several hashes, each behind its algorithm, and as long as that makes. */
const SRI_HASH =
  /^sha(?:256-[A-Za-z0-9+/_-]{43}=?|384-[A-Za-z0-9+/_-]{64}|512-[A-Za-z0-9+/_-]{86}(?:==)?)(?:\?[\x21-\x7e]*)?$/
/** Multibase in base64url or base58btc, the two that CID 1.0 §2.4 asks for. */
const MULTIBASE = /^(?:u[A-Za-z0-9_-]+|z[1-9A-HJ-NP-Za-km-z]+)$/
const MEDIA_TYPE = /^[A-Za-z0-9!#$&^_.+-]+\/[A-Za-z0-9!#$&^_.+-]+(?: *;.*)?$/

/**
 * `relatedResource` (VCDM 2.0 §5.3): objects with an `id` that no other of them has, and a digest. The
 * resource is not fetched, so whether it has that digest is not looked at (row V15). VCDM 1.1 knows no
 * such member.
 */
export const relatedResourceFaults = (
  credential: JsonObject,
  model: DataModel,
): readonly Fault[] =>
  model === '1.1'
    ? NO_FAULTS
    : joined(
        optional(credential, '', 'relatedResource', RESOURCES),
        repeatedIds(credential['relatedResource']),
      )

const resource: Check = (value, at) => {
  if (!isJsonObject(value)) return fault(at, 'must be an object with an id and a digest')
  const digests = ['digestSRI', 'digestMultibase'].some((member) => value[member] !== undefined)
  return joined(
    required(value, at, 'id', url, 'add the absolute URL of the resource'),
    digests ? NO_FAULTS : fault(at, 'has no digest: add digestSRI or digestMultibase'),
    optional(value, at, 'digestSRI', oneOrMore(sri)),
    optional(value, at, 'digestMultibase', oneOrMore(multibase)),
    optional(value, at, 'mediaType', mediaType),
  )
}
const RESOURCES = oneOrMore(resource)

const sri: Check = (value, at) =>
  typeof value === 'string' && value.split(' ').every((hash) => SRI_HASH.test(hash))
    ? NO_FAULTS
    : fault(at, 'must be a digest such as sha256- and its base64')
const multibase: Check = (value, at) =>
  typeof value === 'string' && MULTIBASE.test(value)
    ? NO_FAULTS
    : fault(at, 'must be a multibase digest that begins with u or z')
const mediaType: Check = (value, at) =>
  typeof value === 'string' && MEDIA_TYPE.test(value)
    ? NO_FAULTS
    : fault(at, 'must be a media type such as application/json')

function repeatedIds(resources: Json | undefined): readonly Fault[] {
  if (!isJsonList(resources)) return NO_FAULTS
  const seen = new Set<string>()
  return resources.flatMap((item, index) => {
    const id = isJsonObject(item) ? item['id'] : undefined
    if (typeof id !== 'string') return []
    if (seen.has(id)) {
      return fault(`/relatedResource/${String(index)}/id`, 'repeats an id: list a resource once')
    }
    seen.add(id)
    return []
  })
}
