import { grantIn } from '../../domain/evidence/receipt.ts'
import { isJsonObject, type JsonObject } from '../../domain/json/strict-json.ts'
import type {
  SealedDecision,
  Decisions,
  DecisionSummary,
  Retention,
} from '../../ports/decisions.ts'
import { pageAfter, type memoryLedger } from './ledger.ts'

interface Numbered extends SealedDecision {
  readonly sequence: number
}

/** The decisions that a memory store keeps of one verifier, oldest first. */
export interface KeptDecisions {
  rows: readonly Numbered[]
  /** Sequence of the next one; never given out twice. */
  next: number
}

/** Adds a decision and deletes what is no longer kept; what `inUse` names stays. */
export function insertInto(
  decisions: KeptDecisions,
  decision: SealedDecision,
  { atMost, atMostOfOneClient, since }: Retention,
  inUse: (decisionId: string) => boolean,
) {
  const { id: decisionId, kind, digest, verdict, trust } = decision
  if (decisions.rows.some((row) => row.id === decisionId)) throw new Error('the id is taken')
  const all = [...decisions.rows, { ...decision, sequence: decisions.next++ }]
  const ofOne = (one: SealedDecision): boolean =>
    kind === 'registration' && one.kind === kind && one.subject === decision.subject
  const newest = new Set(newestOf(all, atMost))
  const newestOfOne = new Set(newestOf(all.filter(ofOne), atMostOfOneClient))
  const stays = (one: Numbered): boolean =>
    one.at >= since && newest.has(one) && (!ofOne(one) || newestOfOne.has(one))
  decisions.rows = all.filter((one) => inUse(one.id) || stays(one))
  const deleted = all.length - decisions.rows.length
  return {
    value: decisionId,
    audit: [
      { action: 'decision.keep', detail: { id: decisionId, kind, digest, verdict, trust } },
      ...(deleted === 0 ? [] : [{ action: 'decision.expire', detail: { deleted } }]),
    ],
  }
}

const newestOf = (rows: readonly Numbered[], atMost: number): readonly Numbered[] =>
  rows.slice(Math.max(0, rows.length - atMost))

type Ledger = ReturnType<typeof memoryLedger>

/** The decisions part of a memory store; `known` is what it keeps of a verifier. */
export const memoryDecisions = (
  known: (id: string) => {
    readonly ledger: Ledger
    readonly decisions: KeptDecisions
    /** Whether a client rests on it. */
    readonly inUse: (decisionId: string) => boolean
  },
): Decisions => ({
  async keepDecision(id, decision, retention, change) {
    const { ledger, decisions, inUse } = known(id)
    return ledger.apply(change, () => insertInto(decisions, decision, retention, inUse))
  },
  decisionUnder: async (id, { mark, at }) =>
    mark && known(id).ledger.appliedBefore<string>(mark, at),
  async decision(id, decisionId) {
    const found = known(id).decisions.rows.find((row) => row.id === decisionId)
    return found && sealed(found)
  },
  async decisions(id, page) {
    const { rows } = known(id).decisions
    const { rows: found, ...rest } = pageAfter(rows, page, ({ sequence }) => sequence)
    return { ...rest, rows: found.map(summary) }
  },
  async latestDecisions(id, { cursor, limit }) {
    const older = known(id)
      .decisions.rows.filter(({ sequence }) => sequence < Number(cursor ?? Infinity))
      .toReversed()
    const rows = older.slice(0, limit)
    const last = rows.at(-1)
    return {
      rows: rows.map(sealed),
      ...(older.length > limit && last !== undefined ? { cursor: String(last.sequence) } : {}),
    }
  },
  async grants(id, clientId, limit) {
    const granted = known(id).decisions.rows.flatMap((row) => {
      if (row.kind !== 'registration' || row.subject !== clientId) return []
      const { report } = JSON.parse(row.evidence) as JsonObject
      const grant = isJsonObject(report) ? grantIn(report) : undefined
      return grant === undefined ? [] : [{ decisionId: row.id, at: row.at, grant }]
    })
    return granted.slice(Math.max(0, granted.length - limit))
  },
  async deleteDecision(id, decisionId, change) {
    const { ledger, decisions, inUse } = known(id)
    return ledger.apply(change, () => {
      const found = decisions.rows.find((row) => row.id === decisionId)
      if (found === undefined) return { value: 'not_found' as const }
      if (inUse(decisionId)) return { value: 'in_use' as const }
      decisions.rows = decisions.rows.filter((row) => row !== found)
      const { digest } = found
      return {
        value: 'deleted' as const,
        audit: { action: 'decision.delete', detail: { id: decisionId, digest } },
      }
    })
  },
})

const sealed = ({ sequence: _, ...decision }: Numbered): SealedDecision => decision

const summary = ({ sequence: _, evidence, receipt, ...rest }: Numbered): DecisionSummary => rest
