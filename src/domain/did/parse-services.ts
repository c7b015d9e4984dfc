import { isJsonObject, type Json } from '../json/strict-json.ts'
import { MAX_SERVICES } from '../limits.ts'
import { ok, refuse, type Result } from '../result.ts'
import type { DidService } from './did-document.ts'
import { absoluteDidUrl } from './did-url.ts'
import type { Did } from './did.ts'

/**
 * The services of a document (DID Core §5.4), or what is wrong with them. A service under another DID's
 * name is left out, as a verification method is: it is not this document's to describe (row D19).
 */
export function parseServices(
  value: Json | undefined,
  did: Did,
): Result<readonly DidService[], string> {
  if (value === undefined) return ok([])
  if (!Array.isArray(value)) return refuse('service is not a list')
  const entries = value as readonly Json[]
  if (entries.length > MAX_SERVICES) return refuse('too many services')
  const services = entries.map((entry) => parseService(entry, did))
  const sound = services.filter((service) => service !== undefined)
  if (sound.length < services.length) return refuse('a service is malformed')
  const ids = new Set(sound.map(({ id }) => id))
  if (ids.size < sound.length) return refuse('two services have one id')
  return ok(sound.filter(({ id }) => !id.startsWith('did:') || isOwn(id, did)))
}

function parseService(entry: Json, did: Did): DidService | undefined {
  if (!isJsonObject(entry)) return undefined
  const { id, type, serviceEndpoint } = entry
  const types = typeof type === 'string' ? [type] : type
  const absolute = typeof id === 'string' ? absoluteServiceId(id, did) : undefined
  if (absolute === undefined || !isTexts(types) || !isEndpoint(serviceEndpoint)) return undefined
  return { id: absolute, types, serviceEndpoint }
}

const isOwn = (id: string, did: Did): boolean =>
  id.startsWith(did) && /^(?:$|[/?#])/.test(id.slice(did.length))

/** A service may be named by any URI, not only by a DID URL. */
const absoluteServiceId = (id: string, did: Did): string | undefined =>
  absoluteDidUrl(id, did) ?? (FOREIGN_URI.test(id) ? id : undefined)

const FOREIGN_URI = /^(?!did:)[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$/

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string')

const isEndpoint = (value: Json | undefined): value is DidService['serviceEndpoint'] =>
  isOneEndpoint(value) || (Array.isArray(value) && value.every(isOneEndpoint))

const isOneEndpoint = (value: unknown): boolean => typeof value === 'string' || isJsonObject(value)
