import { generateKeyPairSync, randomUUID } from 'node:crypto'
import type { VerifierClient } from 'lso-trust/client'
import { Provider } from 'oidc-provider'
import { clientAdapter } from './client-adapter.ts'
import { SCOPES } from './client-metadata.ts'
import { FAPI_ALGORITHMS, FAPI_FEATURES, LIFETIMES } from './fapi.ts'
import { signEverybodyIn } from './login.ts'
import { memoryAdapter } from './memory-adapter.ts'
import { BY_PRESENTATION, registrationPolicy } from './registration.ts'

/** An authorization server whose clients are DIDs: who they are, the verifier says. */
export async function createProvider(
  issuer: string,
  verifier: Pick<VerifierClient, 'client' | 'clientStatus' | 'register'>,
  statusSeconds: number,
): Promise<Provider> {
  const clients = clientAdapter(verifier, statusSeconds)
  const provider = new Provider(issuer, {
    adapter: (name: string) => (name === 'Client' ? clients : memoryAdapter(name)),
    features: {
      ...FAPI_FEATURES,
      registration: {
        enabled: true,
        initialAccessToken: true,
        issueRegistrationAccessToken: false,
        policies: { [BY_PRESENTATION]: registrationPolicy(verifier) },
      },
    },
    enabledJWA: FAPI_ALGORITHMS,
    ttl: LIFETIMES,
    scopes: SCOPES,
    responseTypes: ['code'],
    clientAuthMethods: ['private_key_jwt'],
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: {
      url: (_: unknown, { uid }: { readonly uid: string }) => `/interaction/${uid}`,
    },
    // NOTE: give your server keys that stay.
    jwks: { keys: [newSigningKey()] },
    cookies: { keys: [randomUUID()] },
  })
  signEverybodyIn(provider)
  await new provider.InitialAccessToken({
    jti: BY_PRESENTATION,
    policies: [BY_PRESENTATION],
  }).save()
  return provider
}

function newSigningKey(): object {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'as-1' }
}
