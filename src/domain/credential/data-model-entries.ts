import type { Fault } from '../fault.ts'
import type { JsonObject } from '../json/strict-json.ts'
import { joined, oneOrMore, optional, type Check } from './data-model-checks.ts'
import { typedEntry } from './data-model-types.ts'
import type { DataModel } from './data-model-version.ts'

type IdRule = Parameters<typeof typedEntry>[0]

/**
 * The members that hold one typed entry or several. VCDM 1.1 §4.7, §4.9 and §5.4 to §5.7; VCDM 2.0 §4.10 to
 * §4.12, §5.4 to §5.6 and the reserved members of §5.10.
 */
const ENTRIES = {
  '1.1': entries({
    proof: 'id optional',
    credentialStatus: 'id required',
    credentialSchema: 'id required',
    refreshService: 'id required',
    termsOfUse: 'id optional',
    evidence: 'id optional',
  }),
  '2.0': entries({
    proof: 'id optional',
    credentialStatus: 'id optional',
    credentialSchema: 'id required',
    refreshService: 'id optional',
    termsOfUse: 'id optional',
    evidence: 'id optional',
    confidenceMethod: 'id optional',
    renderMethod: 'id optional',
  }),
} as const satisfies Readonly<Record<DataModel, unknown>>

/** Made once: this runs for every credential. */
function entries(rules: Readonly<Record<string, IdRule>>): readonly (readonly [string, Check])[] {
  return Object.entries(rules).map(([member, id]) => [member, oneOrMore(typedEntry(id))])
}

/** What is wrong with the typed entries of a credential: a missing `type`, a missing or bad `id`. */
export const entryFaults = (credential: JsonObject, model: DataModel): readonly Fault[] =>
  joined(...ENTRIES[model].map(([member, check]) => optional(credential, '', member, check)))
