import type { CredentialClaims } from '../credential/credential-claims.ts'
import { textsIn } from '../json/values.ts'
import { operationScope, roleScopes } from '../registration/client-scopes.ts'
import { readStatusEntries } from '../status-list/status-entry.ts'
import { subjectOf } from './accreditation.ts'
import type { TrustPolicy } from './policy.ts'

export const DELEGATION = 'LsoDelegationCredential'
export const LEGAL_ENTITY = 'LsoLegalEntityCredential'

/** Conditions of a delegation (rule R58, row V13); evidence of `delegation_denied` names those that fail. */
export type DelegationCondition =
  /** The policy does not allow delegation. */
  | 'policy'
  /** A credential of the delegator is presented, and none that delegates anything. */
  | 'delegation_missing'
  /** The delegation stands alone: it counts in a presentation of the delegate. */
  | 'presentation_missing'
  /** It is invalid: not signed, expired, revoked … */
  | 'delegation_invalid'
  /** Nobody can revoke it. */
  | 'not_revocable'
  /** It is not issued by the delegator. */
  | 'issuer_is_not_delegator'
  /** The delegate presents no good legal-entity credential of its own. */
  | 'delegate_entity_untrusted'
  /** Nor a good one of the delegator. */
  | 'delegator_entity_untrusted'
  /** The delegator is a delegate itself: one step is the most. */
  | 'depth'
  /** Both legal entities, the delegation and the policy do not name one trust domain. */
  | 'trust_domain'
  /**
   * An operation is of an LSO interface in which the delegator takes no part, is a role there that it
   * does not have, or is not plainly written.
   */
  | 'scope'

/** A delegation with what is presented beside it; nothing of it is verified here. */
export interface PresentedDelegation {
  readonly delegation: CredentialClaims
  /** Verified and trusted legal-entity credentials about the delegate, and about the delegator. */
  readonly delegate: readonly CredentialClaims[]
  readonly delegator: readonly CredentialClaims[]
  /** Whether somebody delegates to the delegator. */
  readonly delegatorIsDelegate: boolean
}

/** Who delegates; `undefined` where the credential does not say. */
export function delegatorOf(claims: CredentialClaims): string | undefined {
  const { delegator } = subjectOf(claims)
  return typeof delegator === 'string' ? delegator : undefined
}

/** The conditions that fail, all of them; default deny. */
export function delegationFaults(
  { delegation, delegate, delegator, delegatorIsDelegate }: PresentedDelegation,
  policy: TrustPolicy,
): readonly DelegationCondition[] {
  const domain = trustDomainOf(delegation)
  const inDomain = (entity: CredentialClaims) =>
    domain !== undefined && trustDomainOf(entity) === domain
  const [own, principal] = [delegate.some(inDomain), delegator.filter(inDomain)]
  const foreign = policy.trustDomain !== undefined && policy.trustDomain !== domain
  const conditions: readonly (readonly [DelegationCondition, boolean])[] = [
    ['policy', policy.delegation !== 'allow'],
    ['not_revocable', !isRevocable(delegation)],
    ['issuer_is_not_delegator', delegation.issuer !== delegatorOf(delegation)],
    ['delegate_entity_untrusted', delegate.length === 0],
    ['delegator_entity_untrusted', delegator.length === 0],
    ['depth', delegatorIsDelegate],
    [
      'trust_domain',
      foreign ||
        domain === undefined ||
        (delegate.length > 0 && !own) ||
        (delegator.length > 0 && principal.length === 0),
    ],
    ['scope', !isWithin(scopeOf(delegation), principal.length > 0 ? principal : delegator)],
  ]
  return conditions.flatMap(([condition, failing]) => (failing ? [condition] : []))
}

/** What a legal entity or a delegation names as its trust domain. */
export function trustDomainOf(claims: CredentialClaims): string | undefined {
  const { trustDomain } = subjectOf(claims)
  return typeof trustDomain === 'string' ? trustDomain : undefined
}

/** The operations that are delegated. */
export const scopeOf = (delegation: CredentialClaims): readonly string[] =>
  textsIn(subjectOf(delegation)['scope'])

const isRevocable = ({ credential, tokenStatus }: CredentialClaims): boolean =>
  tokenStatus.length > 0 ||
  readStatusEntries(credential['credentialStatus']).some(
    (entry) => entry.kind === 'listed' && entry.purpose === 'revocation',
  )

const LSO_INTERFACES = 'sonata interlude cantata allegro legato adagio presto'.split(' ')

/** The scopes that a role in an interface earns: nobody gets one by another way. */
const ROLE_SCOPES = roleScopes({
  roles: ['Buyer', 'Seller', 'TPP', 'ServiceProvider'],
  interfaces: LSO_INTERFACES,
})

/** As the schema has it: nothing that could be read in another way than it looks. */
const OPERATION = /^[A-Za-z][A-Za-z0-9._:/-]*$/

/**
 * Nobody delegates what is not its own: an operation that names an LSO interface, such as `Sonata` or
 * `sonata:quote.read`, needs a delegator who takes part in that interface, wherever the name stands and
 * in whatever case. One that is written as a role in it, such as `sonata:seller`, needs a delegator with that
 * role. What another operation means is the affair of the resource that it is used on.
 */
function isWithin(scope: readonly string[], delegators: readonly CredentialClaims[]): boolean {
  const interfaces = new Set(
    delegators
      .flatMap((claims) => textsIn(subjectOf(claims)['lsoInterfaces']))
      .map((name) => name.toLowerCase()),
  )
  const earned = delegators.flatMap((claims) => {
    const { roles, lsoInterfaces } = subjectOf(claims)
    return roleScopes({ roles: textsIn(roles), interfaces: textsIn(lsoInterfaces) })
  })
  return (
    scope.length > 0 &&
    scope.every((operation) => {
      if (!OPERATION.test(operation)) return false
      const named = operation.toLowerCase().split(/[^a-z]/)
      const written = operationScope(operation)
      return (
        delegators.length === 0 ||
        (named.every((name) => !LSO_INTERFACES.includes(name) || interfaces.has(name)) &&
          (!ROLE_SCOPES.includes(written) || earned.includes(written)))
      )
    })
  )
}
