import { pointerStep, type Fault } from '../fault.ts'
import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import { listed } from '../json/values.ts'
import { isOwnUrl } from '../own-url.ts'

/** Where everybody reads the newest schema of a type. */
export const schemaUrl = (publicUrl: string, issuerId: string, type: string): string =>
  `${publicUrl}/issuers/${issuerId}/schemas/${type}`

/**
 * A version of a registered schema as a credential names it (VCDM 2.0 §4.11): where its text is, and the
 * digest of that text (Subresource Integrity §3.1).
 */
export const schemaEntry = (
  publicUrl: string,
  issuerId: string,
  {
    type,
    version,
    digest,
  }: { readonly type: string; readonly version: number; readonly digest: string },
): SchemaEntry => ({
  id: `${schemaUrl(publicUrl, issuerId, type)}?version=${String(version)}`,
  type: 'JsonSchema',
  digestSRI: `sha256-${digest.replaceAll('-', '+').replaceAll('_', '/')}=`,
})

export interface SchemaEntry extends JsonObject {
  readonly id: string
  readonly type: 'JsonSchema'
  readonly digestSRI: string
}

/**
 * What is wrong with a caller's `credentialSchema` when the credential was held against `ours`: an entry
 * for a schema of this issuer says that the credential follows it, so it must be one of those.
 */
export const schemaEntryFaults = (
  credentialSchema: Json | undefined,
  ours: readonly SchemaEntry[],
  publicUrl: string,
  issuerId: string,
): readonly Fault[] =>
  listed(credentialSchema).flatMap((entry, index) => {
    const at = `/credentialSchema${Array.isArray(credentialSchema) ? pointerStep(index) : ''}`
    if (!isJsonObject(entry) || !isOfIssuer(entry['id'], publicUrl, issuerId)) return []
    const own = ours.find(({ id }) => id === entry['id'])
    if (own === undefined)
      return [{ pointer: `${at}/id`, detail: 'is no schema that this credential is held against' }]
    return (['type', 'digestSRI', 'digestMultibase'] as const)
      .filter((member) => entry[member] !== undefined && entry[member] !== own[member])
      .map((member) => ({
        pointer: at + pointerStep(member),
        detail: 'is not that of this schema: leave it out',
      }))
  })

function isOfIssuer(id: Json | undefined, publicUrl: string, issuerId: string): boolean {
  if (typeof id !== 'string' || !isOwnUrl(id, publicUrl)) return false
  return new URL(id).pathname.startsWith(new URL(schemaUrl(publicUrl, issuerId, '')).pathname)
}

/** The credential with the schemas that it was held against named beside the caller's own entries. */
export function withSchemaEntries(
  credential: JsonObject,
  ours: readonly SchemaEntry[],
): JsonObject {
  const given = listed(credential['credentialSchema']).filter(
    (entry) => !ours.some(({ id }) => isJsonObject(entry) && entry['id'] === id),
  )
  const entries = [...given, ...ours]
  const [only] = entries
  if (ours.length === 0 || only === undefined) return credential
  return { ...credential, credentialSchema: entries.length === 1 ? only : entries }
}
