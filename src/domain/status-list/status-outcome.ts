import {
  credentialStatus,
  statusTransition,
  type CredentialStatus,
  type StatusChange,
} from './status.ts'

/** What a change of status does to one of many credentials. */
export type StatusOutcome = 'change' | 'already' | 'revocation_final' | 'status_purpose_not_issued'

/** How a credential stands, as far as a change of its status depends on that. */
export interface StatusState {
  readonly revoked: boolean
  readonly suspended: boolean
  /** Whether it has an entry of the purpose that is to change. */
  readonly issued: boolean
}

/** Would this change happen, has it happened already, or which rule refuses it (row S16)? */
export function statusOutcome(state: StatusState, wanted: StatusChange): StatusOutcome {
  if (!state.issued) return 'status_purpose_not_issued'
  const current = wanted.purpose === 'revocation' ? state.revoked : state.suspended
  const transition = statusTransition(current, wanted)
  return transition === 'no_change' ? 'already' : transition
}

/** The status once that outcome came about. */
export function statusAfter(
  state: StatusState,
  wanted: StatusChange,
  outcome: StatusOutcome,
): CredentialStatus {
  if (outcome !== 'change') return credentialStatus(state)
  const { revoked, suspended } = state
  return wanted.purpose === 'revocation'
    ? credentialStatus({ revoked: wanted.status, suspended })
    : credentialStatus({ revoked, suspended: wanted.status })
}

/** No credential of any outcome. */
export const noOutcomes = (): Record<StatusOutcome, number> => ({
  change: 0,
  already: 0,
  revocation_final: 0,
  status_purpose_not_issued: 0,
})
