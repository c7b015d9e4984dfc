/** The RFC 7591 members of a decision that this server takes over as they are, and no other. */
const MEMBERS = [
  'client_id',
  'client_name',
  'jwks',
  'redirect_uris',
  'token_endpoint_auth_signing_alg',
]

/** What this server offers of the scopes, grants and response types that a client may have. */
export const SCOPES = ['openid', 'lso:sonata:buyer']
const GRANT_TYPES = ['authorization_code', 'client_credentials']
const RESPONSE_TYPES = ['code']

/**
 * What is asked of every client, whatever it registered for (FAPI 2.0): oidc-provider leaves these to the
 * metadata of each client, its FAPI profile notwithstanding. ID tokens are signed with the key that there is.
 */
const DEMANDS = {
  token_endpoint_auth_method: 'private_key_jwt',
  require_signed_request_object: true,
  require_pushed_authorization_requests: true,
  dpop_bound_access_tokens: true,
  id_token_signed_response_alg: 'ES256',
}

/** The metadata of an accepted client as oidc-provider takes it: what the decision says and this server offers. */
export function clientMetadata(told: object): Readonly<Record<string, unknown>> {
  const members = new Map<string, unknown>(Object.entries(told))
  const offered = (name: string, known: readonly string[]): readonly string[] => {
    const value = members.get(name)
    return Array.isArray(value) ? known.filter((one) => value.includes(one)) : []
  }
  const scope = members.get('scope')
  const scopes = typeof scope === 'string' ? scope.split(' ') : []
  return {
    ...Object.fromEntries([...members].filter(([name]) => MEMBERS.includes(name))),
    scope: SCOPES.filter((one) => scopes.includes(one)).join(' '),
    grant_types: offered('grant_types', GRANT_TYPES),
    response_types: offered('response_types', RESPONSE_TYPES),
    ...DEMANDS,
  }
}
