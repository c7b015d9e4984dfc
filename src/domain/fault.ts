/** One thing wrong with a JSON input: where (RFC 6901 pointer) and what, in words of ours. */
export interface Fault {
  readonly pointer: string
  readonly detail: string
}

/** One step of a JSON Pointer, escaped as RFC 6901 §3 says. */
export const pointerStep = (member: string | number): string =>
  typeof member === 'number' || !(member.includes('~') || member.includes('/'))
    ? `/${String(member)}`
    : `/${member.replaceAll('~', '~0').replaceAll('/', '~1')}`

/**
 * Most faults that one answer lists. A body of the allowed size can hold a hundred thousand faults, and
 * whoever made them all mends the first hundred first.
 */
export const MAX_FAULTS = 100

/**
 * One list out of several, as a caller sees it: per pointer the first fault alone, since two readers
 * often say the same about one value, and at most `MAX_FAULTS`, the last of which then counts the rest.
 * Empty only when all lists are.
 */
export function reportedFaults(...lists: readonly (readonly Fault[])[]): readonly Fault[] {
  if (lists.every(({ length }) => length === 0)) return []
  const byPointer = new Map<string, Fault>()
  for (const list of lists) {
    for (const fault of list) {
      if (!byPointer.has(fault.pointer)) byPointer.set(fault.pointer, fault)
    }
  }
  const faults = [...byPointer.values()]
  if (faults.length <= MAX_FAULTS) return faults
  const listed = faults.slice(0, MAX_FAULTS - 1)
  const rest = faults.length - listed.length
  return [
    ...listed,
    { pointer: '', detail: `has ${String(rest)} faults more: mend the listed ones first` },
  ]
}
