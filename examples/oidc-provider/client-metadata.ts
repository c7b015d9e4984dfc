/** The RFC 7591 members of a decision that this server knows, and no other. */
const MEMBERS = [
  'client_id',
  'client_name',
  'jwks',
  'redirect_uris',
  'token_endpoint_auth_method',
  'token_endpoint_auth_signing_alg',
  'grant_types',
  'response_types',
  'require_signed_request_object',
  'require_pushed_authorization_requests',
  'dpop_bound_access_tokens',
]

/** What this server offers of the scopes that a client may have. */
export const SCOPES = ['openid', 'lso:sonata:buyer']

/**
 * The metadata as oidc-provider takes it: what the decision says, of the scopes those that this server
 * offers, and ID tokens signed with the key that it has.
 */
export function clientMetadata(told: object): Readonly<Record<string, unknown>> {
  const known = Object.entries(told).filter(([name]) => MEMBERS.includes(name))
  const scope: unknown = 'scope' in told ? told.scope : ''
  const offered = String(scope)
    .split(' ')
    .filter((one) => SCOPES.includes(one))
  return {
    ...Object.fromEntries(known),
    scope: offered.join(' '),
    id_token_signed_response_alg: 'ES256',
  }
}
