import { isObject, jsonObjectIn, readText } from './files.ts'
import { UsageError } from './outcome.ts'
import type { JsonObject } from '../../src/client/index.ts'

/** A credential or a presentation as it stands in a file: a compact JWT, or an object that holds one. */
export function readSecured(file: string): string | JsonObject {
  const text = readText(file)
  if (!text.startsWith('{')) {
    if (text.split('.').length === 3) return text
    throw new UsageError(`${file} holds neither a compact JWT nor a JSON object`)
  }
  const { verifiableCredential, ...object } = jsonObjectIn(text, file)
  // What issuing answered may be given as it stands.
  const inner = verifiableCredential ?? object
  if (typeof inner === 'string') return inner
  return JSON.parse(JSON.stringify(isObject(inner) ? inner : object)) as JsonObject
}

/** The compact JWT inside an enveloped object; `undefined` for an object with a proof of its own. */
export function compactJwt(secured: string | JsonObject): string | undefined {
  if (typeof secured === 'string') return secured
  const { id } = secured
  const [, jwt] = typeof id === 'string' ? (/^data:application\/[a-z+]+,(.+)$/.exec(id) ?? []) : []
  return jwt
}

/** `typ` in the header of a compact JWT, lower case; empty where there is none. */
export function typOf(jwt: string): string {
  const [header = ''] = jwt.split('.')
  try {
    const value: unknown = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'))
    return isObject(value) && typeof value['typ'] === 'string' ? value['typ'].toLowerCase() : ''
  } catch {
    return ''
  }
}
