import type { Fault } from '../fault.ts'
import { isJsonObject, type JsonObject } from '../json/strict-json.ts'
import { textsIn } from '../json/values.ts'
import { contextFaults } from './contexts.ts'
import { fault, oneOrMore, optional, urlOrObjectWithId, type Check } from './data-model-checks.ts'
import { entryFaults } from './data-model-entries.ts'
import { compactJwt, ENVELOPED_CREDENTIAL, envelopeFaults } from './data-model-envelope.ts'
import { relatedResourceFaults } from './data-model-related-resource.ts'
import { reportedFaults } from '../fault.ts'
import { idFaults, issuerFaults, nameFaults, subjectFaults } from './data-model-subject.ts'
import { requiredType, typedEntry } from './data-model-types.ts'
import { validityFaults } from './data-model-validity.ts'
import { dataModelOf, type DataModel } from './data-model-version.ts'

export { dataModelOf, type DataModel }

/**
 * What is wrong with a credential by the rules of its data model (VCDM 1.1 §4 and §5, VCDM 2.0 §4 and §5),
 * all of it, and nothing for a good one. Members that the data model does not know are left alone.
 * Never throws; fetches nothing. Not looked at: signatures, whether the dates have passed, what only
 * JSON-LD expansion can find, and whether schemas, statuses and resources exist behind their URLs.
 */
export const credentialFaults = (credential: JsonObject, model: DataModel): readonly Fault[] =>
  reportedFaults(
    contextFaults(credential, model),
    requiredType(credential, '', 'VerifiableCredential'),
    idFaults(credential),
    nameFaults(credential, '', model),
    issuerFaults(credential, model),
    subjectFaults(credential),
    validityFaults(credential, model),
    entryFaults(credential, model),
    relatedResourceFaults(credential, model),
  )

/**
 * What is wrong with a presentation by the rules of its data model (VCDM 1.1 §4.10, VCDM 2.0 §4.13), with
 * the faults of the credentials that stand in it as objects, each judged by the data model of its own
 * base context; enveloped ones are not opened. Never throws; fetches nothing. Not looked at: signatures,
 * how many credentials there are, and whether a credential without a proof is the holder's own (§4.13.4).
 */
export const presentationFaults = (presentation: JsonObject, model: DataModel): readonly Fault[] =>
  reportedFaults(
    contextFaults(presentation, model),
    requiredType(presentation, '', 'VerifiablePresentation'),
    idFaults(presentation),
    optional(presentation, '', 'holder', urlOrObjectWithId),
    optional(presentation, '', 'proof', oneOrMore(typedEntry('id optional'))),
    optional(presentation, '', 'termsOfUse', oneOrMore(typedEntry('id optional'))),
    optional(presentation, '', 'verifiableCredential', oneOrMore(embedded(model))),
  )

const embedded =
  (model: DataModel): Check =>
  (value, at) => {
    if (typeof value === 'string' && model === '1.1') return compactJwt(value, at)
    if (!isJsonObject(value)) {
      return fault(at, 'must be a credential object: envelope a signed one as a data URL')
    }
    const faults = textsIn(value['type']).includes(ENVELOPED_CREDENTIAL)
      ? envelopeFaults(value)
      : credentialFaults(value, dataModelOf(value) ?? model)
    return faults.map(({ pointer, detail }) => ({ pointer: at + pointer, detail }))
  }
