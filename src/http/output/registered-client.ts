import type { RegisteredClient } from '../../domain/registration/registered-client.ts'
import { dateTimeStamp } from '../../domain/time.ts'

/**
 * The RFC 7591 metadata of a registered client: what an authorization server without a mind of its own
 * needs, with the demands of the client's profile written out (F1, F2, F4; W128 R13).
 */
function clientMetadata(client: RegisteredClient) {
  const { clientId, legalEntity, keys, redirectUris, scopes, profile } = client
  const algs = [...new Set(keys.map(({ alg }) => alg))]
  const redirects = redirectUris.length > 0
  const hybrid = profile === 'meflso'
  return {
    client_id: clientId,
    client_name: legalEntity.legalName,
    jwks: { keys: keys.map(({ kid, alg, jwk }) => ({ ...jwk, kid, alg, use: 'sig' })) },
    redirect_uris: redirectUris,
    scope: scopes.join(' '),
    token_endpoint_auth_method: 'private_key_jwt',
    ...(algs.length === 1 ? { token_endpoint_auth_signing_alg: algs[0] } : {}),
    grant_types: [
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

/** A registered client as its verifier sees it: the metadata, and what it rests on. */
export const registeredClientView = (client: RegisteredClient) => ({
  ...clientMetadata(client),
  profile: client.profile,
  status: client.status,
  ...(client.reason === undefined ? {} : { reason: client.reason }),
  since: dateTimeStamp(client.since),
  evaluatedAt: dateTimeStamp(client.evaluatedAt),
  legalEntity: client.legalEntity,
  roles: client.roles,
  interfaces: client.interfaces,
  decisionId: client.decisionId,
  validUntil: dateTimeStamp(client.validUntil),
  registeredAt: dateTimeStamp(client.registeredAt),
})
