import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { errors, Provider, type Context } from 'oidc-provider'
import { clientMetadata, SCOPES } from '../oidc-provider/client-metadata.ts'
import { FAPI_ALGORITHMS, FAPI_FEATURES, LIFETIMES } from '../oidc-provider/fapi.ts'
import { signEverybodyIn } from '../oidc-provider/login.ts'
import { memoryAdapter } from '../oidc-provider/memory-adapter.ts'
import type { StatementVerifier } from './statement.ts'

/** The policy's name, and the initial access token that leads to it: no secret, the statement decides. */
const BY_STATEMENT = 'software-statement'

/**
 * An authorization server that registers clients by software statement (RFC 7591 §2.3), and knows nothing of
 * DIDs and credentials: its client_id is what the statement says, and its keys are those in it.
 */
export async function createProvider(
  issuer: string,
  verifyStatement: StatementVerifier,
): Promise<Provider> {
  const byStatement = async (_: Context, properties: Record<string, unknown>): Promise<void> => {
    const verified = await verifyStatement(properties['software_statement'])
    if (!verified.ok)
      throw new errors.CustomOIDCProviderError('invalid_software_statement', verified.why)
    for (const name of Object.keys(properties)) Reflect.deleteProperty(properties, name)
    Object.assign(properties, clientMetadata(verified.claims))
  }
  const provider = new Provider(issuer, {
    adapter: memoryAdapter,
    features: {
      ...FAPI_FEATURES,
      registration: {
        enabled: true,
        initialAccessToken: true,
        issueRegistrationAccessToken: false,
        policies: { [BY_STATEMENT]: byStatement },
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
  await new provider.InitialAccessToken({ jti: BY_STATEMENT, policies: [BY_STATEMENT] }).save()
  return provider
}

function newSigningKey(): object {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig', kid: 'as-1' }
}
