import type { InstanceKey } from '../../domain/instance/instance.ts'
import type { KeyHoldings } from '../../domain/instance/key-schedule.ts'
import type { EpochSeconds } from '../../domain/time.ts'

/** Script that adds who signed a credential. Null for those of an older release. */
export const SIGNED_BY = `
  ALTER TABLE credential ADD COLUMN signed_by TEXT; -- kid
  CREATE INDEX credential_by_key ON credential (signed_by, valid_until)
    WHERE token IS NOT NULL AND revoked = 0;
`

const UNREVOKED = 'credential INDEXED BY credential_by_key WHERE token IS NOT NULL AND revoked = 0'

/** What is stored about these keys. Two looks at the index for each, however many were issued. */
export const keyHoldings = (sql: SqlStorage, keys: readonly InstanceKey[]): KeyHoldings => ({
  keys,
  lastExpiries: keys.flatMap((key): KeyHoldings['lastExpiries'] => {
    const ends = signers(key).map((kid) => lastEnd(sql, kid))
    if (ends.includes('never')) return [{ kid: key.kid, lastExpiry: 'never' }]
    const latest = Math.max(...ends.map((end) => (typeof end === 'number' ? end : -1)))
    return latest < 0 ? [] : [{ kid: key.kid, lastExpiry: latest as EpochSeconds }]
  }),
})

/** How many of its credentials neither expired nor were revoked. */
export const liveCredentials = (sql: SqlStorage, key: InstanceKey, now: EpochSeconds): number =>
  signers(key)
    .map(
      (kid) =>
        sql
          .exec<{ live: number }>(
            `SELECT count(*) AS live FROM ${UNREVOKED}
               AND signed_by IS ?1 AND (valid_until IS NULL OR valid_until > ?2)`,
            kid,
            now,
          )
          .one().live,
    )
    .reduce((sum, live) => sum + live, 0)

/** True once a credential was reserved. */
export const hasIssued = (sql: SqlStorage): boolean =>
  sql.exec('SELECT 1 FROM credential LIMIT 1').toArray().length === 1

/** What is in `signed_by` of a key's credentials: any key of the beginning may have signed the old ones. */
const signers = ({ kid, listedAt }: InstanceKey): readonly (string | null)[] =>
  listedAt === undefined ? [kid, null] : [kid]

function lastEnd(sql: SqlStorage, kid: string | null): number | 'never' | undefined {
  const first = (order: 'ASC' | 'DESC') =>
    sql
      .exec<{ valid_until: number | null }>(
        `SELECT valid_until FROM ${UNREVOKED} AND signed_by IS ? ORDER BY valid_until ${order} LIMIT 1`,
        kid,
      )
      .toArray()[0]
  const [least, most] = [first('ASC'), first('DESC')]
  // Null sorts before every number.
  return least === undefined
    ? undefined
    : least.valid_until === null
      ? 'never'
      : (most?.valid_until ?? 'never')
}
