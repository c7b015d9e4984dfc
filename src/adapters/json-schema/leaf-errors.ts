import type { OutputUnit } from '@cfworker/json-schema'

/** Keywords that only say that something deeper is wrong, which has an error of its own. */
const WRAPPERS: ReadonlySet<string> = new Set([
  '$ref',
  'allOf',
  'if',
  'properties',
  'patternProperties',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
  'dependentSchemas',
  'prefixItems',
  'items',
  'unevaluatedItems',
])

/** Keywords of several schemas of which some must fit: the errors of each follow, and most mislead. */
const ALTERNATIVES: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'contains'])

/**
 * The errors that say what to mend, out of the interpreter's list, in which every error is preceded by
 * one for each schema around it. Of alternatives that all fail only the failure as such is kept, or the
 * errors of the one alternative that is made for a value of this JSON type.
 */
export function leafErrors(errors: readonly OutputUnit[]): readonly OutputUnit[] {
  const leaves: OutputUnit[] = []
  for (let at = 0; at < errors.length; at++) {
    const error = errors[at]
    if (error === undefined || WRAPPERS.has(error.keyword)) continue
    if (!ALTERNATIVES.has(error.keyword)) {
      leaves.push(error)
      continue
    }
    const end = endOfBranches(errors, at)
    const branch = error.keyword === 'contains' ? undefined : meantBranch(error, errors, at, end)
    for (const leaf of branch === undefined ? [error] : leafErrors(branch)) leaves.push(leaf)
    at = end - 1
  }
  return leaves
}

/** Index behind the errors of the alternatives that begin behind `at`. */
function endOfBranches(errors: readonly OutputUnit[], at: number): number {
  const inside = `${errors[at]?.keywordLocation ?? ''}/`
  let end = at + 1
  while (errors[end]?.keywordLocation.startsWith(inside) === true || isFalse(errors[end])) end++
  return end
}

/** The error of a `false` schema names no schema location; it follows an error that does. */
const isFalse = (error: OutputUnit | undefined): boolean => error?.keyword === 'false'

/** The errors of the only alternative whose `type` fits the value, if there is just one such. */
function meantBranch(
  alternatives: OutputUnit,
  errors: readonly OutputUnit[],
  at: number,
  end: number,
): readonly OutputUnit[] | undefined {
  const branches = new Map<string, OutputUnit[]>()
  let current: OutputUnit[] = []
  for (const error of errors.slice(at + 1, end)) {
    if (!isFalse(error)) {
      const [name = ''] = error.keywordLocation
        .slice(alternatives.keywordLocation.length + 1)
        .split('/', 1)
      current = branches.get(name) ?? []
      branches.set(name, current)
    }
    current.push(error)
  }
  const meant = [...branches.values()].filter(
    (branch) =>
      !branch.some(
        ({ keyword, instanceLocation }) =>
          keyword === 'type' && instanceLocation === alternatives.instanceLocation,
      ),
  )
  return meant.length === 1 ? meant[0] : undefined
}
