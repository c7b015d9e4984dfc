import type { Json, JsonObject } from '../../domain/json/strict-json.ts'

/**
 * The parameters of a query for a decoder. One that is there more than once is a list, which no decoder
 * of a text takes: which of two was meant is not for us to guess.
 */
export const queryJson = (queries: Readonly<Record<string, readonly string[]>>): JsonObject =>
  Object.fromEntries(
    Object.entries(queries).map(([name, values]): [string, Json] => {
      const [only, ...others] = values
      return [name, only === undefined || others.length > 0 ? values : only]
    }),
  )
