import type { InstanceKey, Issuer } from '../../domain/instance/instance.ts'
import {
  rotateKeys,
  rotationAudit,
  type RotatedKeys,
  type RotationRefusal,
} from '../../domain/instance/key-rotation.ts'
import type { KeyHoldings } from '../../domain/instance/key-schedule.ts'
import { ok, refuse } from '../../domain/result.ts'
import { epochSeconds, type EpochSeconds } from '../../domain/time.ts'
import type { IssuerStore } from '../../ports/issuer-store.ts'
import type { MemoryInstance } from './instance-store.ts'
import type { Credentials, Row } from './issuer-state.ts'

type Keys = Pick<IssuerStore, 'rotateKeys' | 'keyHoldings' | 'liveCredentials'>

/** The keys of a store in memory. */
export function memoryKeys(known: (id: string) => MemoryInstance<Issuer, Credentials>): Keys {
  const unrevoked = (rows: readonly Row[], key: InstanceKey): readonly Row[] =>
    rows.filter(
      ({ token, revoked, signedBy }) =>
        token !== undefined &&
        !revoked &&
        (signedBy === key.kid || (signedBy === undefined && key.listedAt === undefined)),
    )
  const live = ({ instance, rest }: MemoryInstance<Issuer, Credentials>, now: EpochSeconds) => {
    return (kid: string): number => {
      const key = instance.keys.find((one) => one.kid === kid)
      const rows = key === undefined ? [] : unrevoked(rest.rows, key)
      return rows.filter(({ draft: { validUntil = Infinity } }) => validUntil > now).length
    }
  }
  const holdings = ({ instance, rest }: MemoryInstance<Issuer, Credentials>): KeyHoldings => ({
    keys: instance.keys,
    lastExpiries: instance.keys.flatMap((key) => {
      const ends = unrevoked(rest.rows, key).map(({ draft }) => draft.validUntil ?? Infinity)
      const last = Math.max(-1, ...ends)
      if (last < 0) return []
      return [{ kid: key.kid, lastExpiry: last === Infinity ? 'never' : epochSeconds(last) }]
    }),
  })
  return {
    async rotateKeys(id, wanted, facts, change) {
      type Outcome = { readonly rotated: RotatedKeys } | { readonly refusal: RotationRefusal }
      const found = known(id)
      const applied = found.ledger.apply<Outcome>(change, () => {
        const issued = {
          ...holdings(found),
          hasIssued: found.rest.rows.length > 0,
          liveCredentials: live(found, change.at),
        }
        const rotated = rotateKeys(issued, wanted, { ...facts, now: change.at })
        if (!rotated.ok) return { value: { refusal: rotated.refusal } }
        found.instance = { ...found.instance, keys: rotated.value.keys }
        return { value: { rotated: rotated.value }, audit: rotationAudit(rotated.value) }
      })
      if (!applied.ok) return applied
      const { value } = applied.value
      return 'rotated' in value ? ok(value.rotated) : refuse(value.refusal)
    },
    keyHoldings: async (id) => holdings(known(id)),
    liveCredentials: async (id, kid, now) => live(known(id), now)(kid),
  }
}
