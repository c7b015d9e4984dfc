import type { Fault } from '../fault.ts'
import type { JsonObject } from '../json/strict-json.ts'
import { oneOrMore, optional } from './data-model-checks.ts'
import { typedEntry } from './data-model-types.ts'
import type { DataModel } from './data-model-version.ts'

type IdRule = Parameters<typeof typedEntry>[0]

/**
 * The members that hold one typed entry or several. VCDM 1.1 §4.7, §4.9 and §5.4 to §5.7; VCDM 2.0 §4.10 to
 * §4.12, §5.4 to §5.6 and the reserved members of §5.10.
 */
const ENTRIES: Readonly<Record<DataModel, Readonly<Record<string, IdRule>>>> = {
  '1.1': {
    proof: 'id optional',
    credentialStatus: 'id required',
    credentialSchema: 'id required',
    refreshService: 'id required',
    termsOfUse: 'id optional',
    evidence: 'id optional',
  },
  '2.0': {
    proof: 'id optional',
    credentialStatus: 'id optional',
    credentialSchema: 'id required',
    refreshService: 'id optional',
    termsOfUse: 'id optional',
    evidence: 'id optional',
    confidenceMethod: 'id optional',
    renderMethod: 'id optional',
  },
}

/** What is wrong with the typed entries of a credential: a missing `type`, a missing or bad `id`. */
export const entryFaults = (credential: JsonObject, model: DataModel): readonly Fault[] =>
  Object.entries(ENTRIES[model]).flatMap(([member, id]) =>
    optional(credential, '', member, oneOrMore(typedEntry(id))),
  )
