import type { ToldGrant } from '../evidence/receipt.ts'
import { canonicalJson } from '../json/canonical.ts'
import type { Json, JsonObject } from '../json/strict-json.ts'
import type { EpochSeconds } from '../time.ts'

/** What one registration of a client granted. */
export interface Granted {
  readonly decisionId: string
  readonly at: EpochSeconds
  readonly grant: ToldGrant
}

/** One member that a newer registration granted otherwise. `null`: it is not there. */
export interface TermChange {
  /** Of the RFC 7591 metadata, or `legal_entity`, `trust_chain`, `valid_until` as a NumericDate. */
  readonly member: string
  readonly before: Json
  readonly after: Json
}

/** All that is different in `after`, in the order of the names. */
export function termChanges(before: ToldGrant, after: ToldGrant): readonly TermChange[] {
  const [old, now] = [termsOf(before), termsOf(after)]
  const members = [...new Set([...Object.keys(old), ...Object.keys(now)])].sort()
  return members.flatMap((member) => {
    const change = { member, before: old[member] ?? null, after: now[member] ?? null }
    return canonicalJson(change.before) === canonicalJson(change.after) ? [] : [change]
  })
}

/** No member of the metadata has a name of the other three. */
const termsOf = ({ client, legalEntity, trustChain, validUntil }: ToldGrant): JsonObject => ({
  ...client,
  legal_entity: legalEntity,
  trust_chain: trustChain,
  valid_until: validUntil,
})
