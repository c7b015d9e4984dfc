import type { JsonObject } from '../../src/domain/json/strict-json.ts'

const files = import.meta.glob<JsonObject>('../../fixtures/{valid,invalid}/*.json', {
  eager: true,
  import: 'default',
})

/** The example credentials of one kind, by file name without its ending. */
export const fixtures = (kind: 'valid' | 'invalid'): Readonly<Record<string, JsonObject>> =>
  Object.fromEntries(
    Object.entries(files)
      .filter(([path]) => path.includes(`/${kind}/`))
      .map(([path, credential]) => [path.replace(/^.*\//, '').replace('.json', ''), credential]),
  )
