/** What FAPI 2.0 Message Signing asks of an authorization server, in the words of oidc-provider. */
export const FAPI_FEATURES = {
  devInteractions: { enabled: false },
  fapi: { enabled: true, profile: '2.0' },
  pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: true },
  requestObjects: { enabled: true, requireSignedRequestObject: true },
  dPoP: { enabled: true },
  clientCredentials: { enabled: true },
} as const

const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'PS256']

export const FAPI_ALGORITHMS = {
  clientAuthSigningAlgValues: ALGORITHMS,
  requestObjectSigningAlgValues: ALGORITHMS,
  dPoPSigningAlgValues: ALGORITHMS,
  idTokenSigningAlgValues: ['ES256'],
} as const

/**
 * Seconds. Keep tokens short: a resource server that verifies them by itself sees a revocation when they end.
 */
export const LIFETIMES = {
  AccessToken: 300,
  ClientCredentials: 300,
  IdToken: 300,
  RefreshToken: 86_400,
  Grant: 86_400,
  Interaction: 600,
  Session: 3_600,
} as const
