import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import { listed } from '../json/values.ts'
import { BASE_CONTEXTS } from './data-model-version.ts'

/** An `EnvelopedVerifiableCredential` (VCDM 2.0 §4.13) around a `vc+jwt`. */
export const envelopedCredential = (token: string): JsonObject => ({
  '@context': BASE_CONTEXTS['2.0'],
  id: `data:application/vc+jwt,${token}`,
  type: 'EnvelopedVerifiableCredential',
})

const MEDIA_TYPES = {
  EnvelopedVerifiableCredential: ['application/vc+jwt', 'application/jwt'],
  EnvelopedVerifiablePresentation: ['application/vp+jwt', 'application/jwt'],
} as const

/**
 * The compact JWS of a secured thing: a text, or an object that envelopes one in a `data:` URL.
 * `undefined` for an object that is secured in another way. What else the object says is not signed
 * and counts for nothing (row V3).
 */
export function compactToken(value: Json, type: keyof typeof MEDIA_TYPES): string | undefined {
  if (typeof value === 'string') return value
  if (!isJsonObject(value) || !listed(value['type']).includes(type)) return undefined
  const { id } = value
  if (typeof id !== 'string') return undefined
  for (const mediaType of MEDIA_TYPES[type]) {
    const prefix = `data:${mediaType},`
    if (id.startsWith(prefix)) return id.slice(prefix.length)
  }
  return undefined
}
