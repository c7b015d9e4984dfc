import type { Fault } from '../fault.ts'
import type { JsonObject } from '../json/strict-json.ts'
import { contextFaults } from './contexts.ts'
import { fault, NO_FAULTS, type Check } from './data-model-checks.ts'
import { requiredType } from './data-model-types.ts'

/** The type of an object that stands for a signed credential (VCDM 2.0 §4.13.1). */
export const ENVELOPED_CREDENTIAL = 'EnvelopedVerifiableCredential'

/** RFC 2397 §2 with a media type, which says how the envelope is secured, and something in it. */
const DATA_URL = /^data:[^\s,;/]+\/[^\s,;/]+(?:;[^\s,]*)?,\S+$/

/** What is wrong with the envelope; what is in it is not looked at. */
export const envelopeFaults = (envelope: JsonObject): readonly Fault[] => [
  ...contextFaults(envelope, '2.0'),
  ...requiredType(envelope, '', ENVELOPED_CREDENTIAL),
  ...(typeof envelope['id'] === 'string' && DATA_URL.test(envelope['id'])
    ? NO_FAULTS
    : fault('/id', 'must be a data URL with the media type of the signed credential in it')),
]

const COMPACT_JWT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/

/** A signed credential as text, which only presentations of VCDM 1.1 may hold (§6.3.1). */
export const compactJwt: Check = (value, at) =>
  typeof value === 'string' && COMPACT_JWT.test(value)
    ? NO_FAULTS
    : fault(at, 'must be a compact JWT or a credential object')
