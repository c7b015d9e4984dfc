import { sha256Text } from '../system/sha256.ts'
import type { Effect } from './ledger.ts'

/** Script that adds the table `accreditation`. */
export const ACCREDITATION_TABLE = `
  CREATE TABLE accreditation (
    sequence INTEGER PRIMARY KEY,
    token    TEXT NOT NULL -- compact JWS of another issuer
  ) STRICT;
`

/** The whole set in place of the former; the same set again changes nothing. */
export function replaceAccreditations(sql: SqlStorage, tokens: readonly string[]): Effect<number> {
  const value = tokens.length
  const before = accreditationTokens(sql)
  if (before.length === value && before.every((token, at) => token === tokens[at])) return { value }
  sql.exec('DELETE FROM accreditation')
  for (const token of tokens) sql.exec('INSERT INTO accreditation (token) VALUES (?)', token)
  return {
    value,
    audit: { action: 'accreditations.put', detail: { digests: tokens.map(sha256Text) } },
  }
}

/** In the order in which they were put. */
export const accreditationTokens = (sql: SqlStorage): readonly string[] =>
  sql
    .exec<{ token: string }>('SELECT token FROM accreditation ORDER BY sequence')
    .toArray()
    .map(({ token }) => token)
