import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import { sameKey } from '../jwk.ts'
import { MAX_VERIFICATION_METHODS } from '../limits.ts'
import { ok, refuse, type Result } from '../result.ts'
import { epochSeconds, parseDateTimeStamp, type EpochSeconds } from '../time.ts'
import {
  RELATIONSHIPS,
  type DidDocument,
  type VerificationMethod,
  type VerificationRelationship,
} from './did-document.ts'
import { absoluteDidUrl } from './did-url.ts'
import type { Did } from './did.ts'
import { methodKey, type KeyArithmetic } from './method-key.ts'

type Methods = Pick<DidDocument, 'verificationMethods' | 'relationships'>

/**
 * The verification methods of a document and the relationships that list them (DID Core §5.2, §5.3),
 * or what is wrong with them. A method that a relationship holds by value counts under that
 * relationship, and under another only when that one refers to it (CID 1.0 §2.3). A method under
 * another DID's name is left out: nothing could ever select it.
 */
export function parseVerificationMethods(
  source: JsonObject,
  did: Did,
  arithmetic: KeyArithmetic,
): Result<Methods, string> {
  const listed = listOf(source, 'verificationMethod')
  if (listed === undefined) return refuse('verificationMethod is not a list')
  const idOf = idReader(did)
  const embedded: Json[] = []
  const relationships: Partial<Record<VerificationRelationship, readonly string[]>> = {}
  for (const name of RELATIONSHIPS) {
    const entries = listOf(source, name)
    if (entries === undefined) return refuse(`${name} is not a list`)
    if (entries.length > MAX_VERIFICATION_METHODS) return refuse('too many verification methods')
    embedded.push(...entries.filter((entry) => typeof entry !== 'string'))
    const ids = entries.map((entry) => idOf(isJsonObject(entry) ? entry['id'] : entry))
    const known = ids.filter((id) => id !== undefined)
    if (known.length < ids.length) return refuse(`${name} names something that is no DID URL`)
    relationships[name] = known
  }
  const entries = [...listed, ...embedded]
  if (entries.length > MAX_VERIFICATION_METHODS) return refuse('too many verification methods')
  const methods = readMethods(entries, did, idOf, arithmetic)
  if (!methods.ok) return methods
  return ok({ verificationMethods: methods.value, relationships: complete(relationships) })
}

/** The list under `name`, empty when there is none; `undefined` when it is no list. */
function listOf(source: JsonObject, name: string): readonly Json[] | undefined {
  const value = source[name]
  if (value === undefined) return []
  return Array.isArray(value) ? (value as readonly Json[]) : undefined
}

type IdReader = (id: Json | undefined) => string | undefined

/** Reads the ids of one document; a document names the same few again and again. */
function idReader(did: Did): IdReader {
  const known = new Map<string, string | undefined>()
  return (id) => {
    if (typeof id !== 'string') return undefined
    if (!known.has(id)) known.set(id, absoluteDidUrl(id, did))
    return known.get(id)
  }
}

const complete = (
  found: Partial<Record<VerificationRelationship, readonly string[]>>,
): Methods['relationships'] => ({
  authentication: found.authentication ?? [],
  assertionMethod: found.assertionMethod ?? [],
  keyAgreement: found.keyAgreement ?? [],
  capabilityInvocation: found.capabilityInvocation ?? [],
  capabilityDelegation: found.capabilityDelegation ?? [],
})

function readMethods(
  entries: readonly Json[],
  did: Did,
  idOf: IdReader,
  arithmetic: KeyArithmetic,
): Result<ReadonlyMap<string, VerificationMethod>, string> {
  const methods = new Map<string, VerificationMethod>()
  for (const entry of entries) {
    const method = readMethod(entry, idOf, arithmetic)
    if (method === 'malformed') return refuse('a verification method is malformed')
    if (!method.id.startsWith(`${did}#`)) continue
    const known = methods.get(method.id)
    const same = known === undefined || sameMethod(known, method)
    methods.set(method.id, same ? method : ambiguous(method))
  }
  return ok(methods)
}

function readMethod(
  entry: Json,
  idOf: IdReader,
  arithmetic: KeyArithmetic,
): VerificationMethod | 'malformed' {
  if (!isJsonObject(entry)) return 'malformed'
  const { type, controller } = entry
  const id = idOf(entry['id'])
  if (id === undefined || typeof type !== 'string' || typeof controller !== 'string')
    return 'malformed'
  const key = methodKey(entry, arithmetic)
  const method: VerificationMethod = {
    id,
    type,
    controller,
    ...(Object.hasOwn(entry, 'expires') ? { expires: instantOf(entry['expires']) } : {}),
    ...(Object.hasOwn(entry, 'revoked') ? { revoked: instantOf(entry['revoked']) } : {}),
  }
  if (key.ok) return { ...method, publicKeyJwk: key.value }
  switch (key.refusal.reason) {
    case 'key_ambiguous':
      return ambiguous(method)
    case 'key_small_order':
      return { ...method, smallOrder: true }
    case 'key_unusable':
      return method
  }
}

/** An end that cannot be read has been reached: the beginning of time. */
const instantOf = (value: Json | undefined): EpochSeconds =>
  (typeof value === 'string' ? parseDateTimeStamp(value) : undefined) ?? epochSeconds(0)

const ambiguous = ({ id, type, controller }: VerificationMethod): VerificationMethod => ({
  id,
  type,
  controller,
  ambiguous: true,
})

/** A method may be written down twice, as long as both say the same. */
const sameMethod = (a: VerificationMethod, b: VerificationMethod): boolean =>
  a.ambiguous === undefined &&
  b.ambiguous === undefined &&
  a.type === b.type &&
  a.controller === b.controller &&
  a.expires === b.expires &&
  a.revoked === b.revoked &&
  a.publicKeyJwk !== undefined &&
  b.publicKeyJwk !== undefined &&
  sameKey(a.publicKeyJwk, b.publicKeyJwk)
