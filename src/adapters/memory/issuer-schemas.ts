import type { IssuerSchemas, SchemaVersion } from '../../ports/issuer-schemas.ts'
import { sha256Text } from '../system/sha256.ts'
import type { MemoryInstance } from './instance-store.ts'
import type { Credentials } from './issuer-state.ts'
import { pageAfter } from './ledger.ts'

/** The schemas of a store in memory. */
export function memorySchemas(
  known: (id: string) => MemoryInstance<unknown, Credentials>,
): IssuerSchemas {
  const newest = (id: string, type: string) =>
    known(id).rest.schemas.findLast((one) => one.type === type)
  const versionOf = ({ type, version, digest, at }: SchemaVersion): SchemaVersion => ({
    type,
    version,
    digest,
    at,
  })
  return {
    async putSchema(id, type, text, change) {
      const { ledger, rest } = known(id)
      return ledger.apply<SchemaVersion>(change, () => {
        const before = newest(id, type)
        const digest = sha256Text(text)
        if (before?.digest === digest) return { value: versionOf(before) }
        const { at, actor } = change
        const version = (before?.version ?? 0) + 1
        const sequence = rest.schemas.length + 1
        rest.schemas.push({ kind: 'schema', sequence, type, version, digest, text, at, actor })
        const detail = { type, version, digest }
        return { value: { ...detail, at }, audit: { action: 'schema.put', detail } }
      })
    },
    async schemaText(id, type, version) {
      const found = known(id).rest.schemas.findLast(
        (one) => one.type === type && (version ?? one.version) === one.version,
      )
      return found?.text
    },
    newestSchemas: async (id, types) =>
      [...new Set(types)]
        .flatMap((type) => newest(id, type) ?? [])
        .toSorted((a, b) => a.sequence - b.sequence)
        .map(versionOf),
    async schemas(id, page) {
      const found = pageAfter(known(id).rest.schemas, page, ({ sequence }) => sequence)
      return { ...found, rows: found.rows.map(versionOf) }
    },
  }
}
