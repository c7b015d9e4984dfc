import { clientJwk, commonAlg } from '../client/client-view.ts'
import type { JsonObject } from '../json/strict-json.ts'
import type { ClientGrant } from './client-grant.ts'

/**
 * The RFC 7591 metadata of an accepted client: what an authorization server without a mind of its own
 * needs, with the demands of the client's profile written out (F1, F2, F4; W128 R13). The name is that
 * of the legal entity, whatever the client calls itself.
 */
export function clientMetadata(client: ClientGrant): JsonObject {
  const { clientId, legalEntity, keys, redirectUris, scopes, profile, grantTypes } = client
  const alg = client.tokenEndpointAuthSigningAlg ?? commonAlg(keys)
  const redirects = redirectUris.length > 0
  const hybrid = profile === 'meflso'
  return {
    client_id: clientId,
    client_name: legalEntity.legalName,
    jwks: { keys: keys.map(clientJwk) },
    redirect_uris: redirectUris,
    scope: scopes.join(' '),
    token_endpoint_auth_method: 'private_key_jwt',
    ...(alg === undefined ? {} : { token_endpoint_auth_signing_alg: alg }),
    grant_types: grantTypes ?? [
      ...(redirects ? ['authorization_code'] : []),
      ...(redirects && hybrid ? ['implicit'] : []),
      'client_credentials',
    ],
    response_types: redirects ? (hybrid ? ['code id_token', 'code'] : ['code']) : [],
    require_signed_request_object: true,
    require_pushed_authorization_requests: !hybrid,
    dpop_bound_access_tokens: !hybrid,
  }
}
