/** Status purposes that this service issues (Bitstring Status List 1.0 §2.2). */
export const STATUS_PURPOSES = ['revocation', 'suspension'] as const
export type StatusPurpose = (typeof STATUS_PURPOSES)[number]

/** Where a credential's status of one purpose is kept. Drawn at random, never used twice (row S12). */
export interface StatusAllocation {
  readonly purpose: StatusPurpose
  /** Last segment of the list's URL. */
  readonly listId: string
  readonly index: number
}

/** What a status call asks for. */
export interface StatusChange {
  readonly purpose: StatusPurpose
  readonly status: boolean
  readonly reason?: string
}

export type CredentialStatus = 'active' | 'suspended' | 'revoked'

/** Both purposes in one word; revocation outweighs suspension. */
export const credentialStatus = (state: {
  readonly revoked: boolean
  readonly suspended: boolean
}): CredentialStatus => (state.revoked ? 'revoked' : state.suspended ? 'suspended' : 'active')

/** May this change happen? Revocation is final (row S16); setting again what is set changes nothing. */
export function statusTransition(
  current: boolean,
  change: StatusChange,
): 'change' | 'no_change' | 'revocation_final' {
  if (current === change.status) return 'no_change'
  return change.purpose === 'revocation' && !change.status ? 'revocation_final' : 'change'
}
