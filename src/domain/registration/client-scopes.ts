/** What OpenID Connect asks of every request (W128 R20). */
const OPENID = 'openid'

/** RFC 6749 §3.3: what one scope may be written with. */
const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/** Who the client is, as its credentials say. */
export interface Entitlement {
  readonly roles: readonly string[]
  readonly interfaces: readonly string[]
  /** Operations that somebody delegates to it (Model 2). */
  readonly delegated: readonly string[]
}

/**
 * The scopes that a client may have: `openid`, one for each of its roles in each of its LSO interfaces,
 * such as `lso:sonata:buyer`, and one for each operation that is delegated to it, such as
 * `lso:sonata:quote.read`. A delegated operation that no scope can be written with is left out.
 */
export function entitledScopes({ roles, interfaces, delegated }: Entitlement): readonly string[] {
  const own = roleScopes({ roles, interfaces })
  const acting = delegated.map(operationScope)
  return [...new Set([OPENID, ...own, ...acting])].filter((scope) => SCOPE_TOKEN.test(scope))
}

/** The scopes of whoever has each of these roles in each of these interfaces. */
export const roleScopes = ({
  roles,
  interfaces,
}: Pick<Entitlement, 'roles' | 'interfaces'>): readonly string[] =>
  interfaces.flatMap((name) => roles.map((role) => `lso:${slug(name)}:${slug(role)}`))

/** The scope of a delegated operation. */
export const operationScope = (operation: string): string => `lso:${operation.toLowerCase()}`

/** `ServiceProvider` as `service-provider`; a short word in capitals stays one word. */
const slug = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()
