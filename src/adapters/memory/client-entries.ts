import type { Did } from '../../domain/did/did.ts'
import type { InstanceId } from '../../domain/instance/instance.ts'
import { isChanged, type ChangedEntry, type OwnEntry } from '../../domain/registration/own-entry.ts'
import type { ClientEntries } from '../../ports/client-entries.ts'

/** What a memory store keeps of the entries that one verifier's clients rest on. */
export interface MemoryEntries {
  readonly of: Map<Did, readonly OwnEntry[]>
  /** Changes of status of each issuer up to which nothing is left to take up. */
  readonly taken: Map<InstanceId, number>
}

export const noEntries = (): MemoryEntries => ({ of: new Map(), taken: new Map() })

/** What the client rests on from now on. */
export function putEntriesInto(
  { of, taken }: MemoryEntries,
  clientId: Did,
  entries: readonly OwnEntry[],
): void {
  of.set(clientId, structuredClone(entries))
  for (const { issuer, seen } of entries)
    taken.set(issuer, Math.min(taken.get(issuer) ?? seen, seen))
}

/** The part of a memory store of verifiers; `known` finds what it keeps of one. */
export const memoryClientEntries = (known: (id: string) => MemoryEntries): ClientEntries => ({
  async ownIssuers(id) {
    const { of, taken } = known(id)
    const all = [...of.values()].flat()
    return [...taken].flatMap(([issuer, upTo]) => {
      const seen = all.filter((one) => one.issuer === issuer).map((one) => one.seen)
      return seen.length === 0 ? [] : [{ issuer, since: Math.max(upTo, Math.min(...seen)) }]
    })
  },
  clientsAt: async (id, issuer, changed, limit) =>
    [...new Set(changed.flatMap((one) => restingOn(known(id), issuer, one)))].slice(0, limit),
  async tookUp(id, issuer, changed, clients) {
    const kept = known(id)
    const last = changed.at(-1)?.sequence ?? 0
    for (const clientId of clients) {
      const entries = kept.of.get(clientId) ?? []
      const later = entries.map((one) =>
        one.issuer === issuer ? { ...one, seen: Math.max(one.seen, last) } : one,
      )
      kept.of.set(clientId, later)
    }
    const left = changed.find((one) => restingOn(kept, issuer, one).length > 0)
    const upTo = left === undefined ? last : left.sequence - 1
    kept.taken.set(issuer, Math.max(kept.taken.get(issuer) ?? 0, upTo))
    return left === undefined
  },
})

const restingOn = (
  { of }: MemoryEntries,
  issuer: InstanceId,
  changed: ChangedEntry,
): readonly Did[] =>
  [...of]
    .filter(([, entries]) =>
      entries.some((one) => one.issuer === issuer && isChanged(one, changed)),
    )
    .map(([clientId]) => clientId)
