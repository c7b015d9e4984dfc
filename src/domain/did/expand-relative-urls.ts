import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import { listed } from '../json/values.ts'
import { RELATIONSHIPS } from './did-document.ts'
import { absoluteDidUrl } from './did-url.ts'
import type { Did } from './did.ts'

/**
 * The document with every relative DID URL written out (DID Resolution §4.4, `expandRelativeUrls`):
 * ids of verification methods and services, and references in relationships. The rest is as it was.
 */
export function expandRelativeUrls(source: JsonObject, did: Did): JsonObject {
  const names = ['verificationMethod', 'service', ...RELATIONSHIPS]
  const expanded = names
    .filter((name) => source[name] !== undefined)
    .map((name) => [name, listed(source[name]).map((item) => expandItem(item, did))] as const)
  return { ...source, ...Object.fromEntries(expanded) }
}

function expandItem(item: Json, did: Did): Json {
  if (typeof item === 'string') return absoluteDidUrl(item, did) ?? item
  if (!isJsonObject(item) || typeof item['id'] !== 'string') return item
  return { ...item, id: absoluteDidUrl(item['id'], did) ?? item['id'] }
}
