import { env } from 'cloudflare:workers'
import {
  getOAuthApi,
  OAuthError,
  OAuthProvider,
  type OAuthHelpers,
  type OAuthProviderOptions,
} from '@cloudflare/workers-oauth-provider'
import { createTrustClient } from 'lso-trust/client'
import { didOf, refusedRegistration } from './registration.ts'

/** What wrangler.toml and the secrets give this Worker. */
interface Bindings {
  readonly OAUTH_KV: KVNamespace
  readonly OAUTH_PROVIDER: OAuthHelpers
  /** Where this Worker is reached. */
  readonly ORIGIN: string
  readonly TRUST_URL: string
  readonly VERIFIER: string
  readonly VERIFIER_TOKEN: string
}

const { ORIGIN, TRUST_URL: url, VERIFIER, VERIFIER_TOKEN: token } = env as unknown as Bindings
const verifier = createTrustClient({ url, token }).verifier(VERIFIER)

/** An access token lives no longer than this after its client was revoked. */
const ACCESS_TOKEN_SECONDS = 60

const options: OAuthProviderOptions<Bindings> = {
  apiRoute: '/quotes',
  apiHandler: { fetch: () => Response.json({ quotes: [] }) },
  defaultHandler: {
    /** NOTE: stands in for your login and consent pages. Whoever comes is `operator`, and agrees. */
    async fetch(request, { OAUTH_PROVIDER: provider }) {
      if (new URL(request.url).pathname !== '/authorize') return new Response(null, { status: 404 })
      const asked = await provider.parseAuthRequest(request)
      const { redirectTo } = await provider.completeAuthorization({
        request: asked,
        userId: 'operator',
        metadata: {},
        scope: asked.scope,
        props: {},
      })
      return Response.redirect(redirectTo, 302)
    },
  },
  authorizeEndpoint: '/authorize',
  tokenEndpoint: '/token',
  clientRegistrationEndpoint: '/register',
  resourceMetadata: { resource: `${ORIGIN}/quotes`, authorization_servers: [ORIGIN] },
  scopesSupported: ['lso:sonata:buyer', 'offline_access'],
  disallowPublicClientRegistration: true,
  accessTokenTTL: ACCESS_TOKEN_SECONDS,
  clientRegistrationCallback: ({ clientMetadata }) =>
    refusedRegistration(verifier, url, clientMetadata),
  /** Each token, the first and every refreshed one, is given to an active client only. */
  async tokenExchangeCallback({ clientId, env: bindings }) {
    const client = await getOAuthApi(options, bindings).lookupClient(clientId)
    const did = didOf(url, client?.clientUri)
    const status = did === undefined ? undefined : (await verifier.clientStatus(did)).status
    if (status !== 'active')
      throw new OAuthError('invalid_grant', { description: 'The client is not active' })
  },
}

export default new OAuthProvider(options)
