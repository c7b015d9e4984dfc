import type { ClientRegistrationCallbackResult } from '@cloudflare/workers-oauth-provider'
import type { VerifierClient } from 'lso-trust/client'

/** Where everybody sees a client: this server keeps it as the `client_uri`, and so knows the DID again. */
const clientPage = (trustUrl: string, did: string): string =>
  `${trustUrl}/clients/${encodeURIComponent(did)}`

/** The DID behind a `client_uri`; `undefined` for any other URL. */
export function didOf(trustUrl: string, clientUri: string | undefined): string | undefined {
  const prefix = `${trustUrl}/clients/`
  if (clientUri?.startsWith(prefix) !== true) return undefined
  return decodeURIComponent(clientUri.slice(prefix.length))
}

/**
 * The registration callback: the request has a member `presentation`, of which the verifier decides. The
 * library stores what the request says, and gives out a client_id of its own; so the request must ask
 * for no redirect URI that the decision does not name, and tell in `client_uri` whose it is.
 */
export async function refusedRegistration(
  verifier: Pick<VerifierClient, 'register'>,
  trustUrl: string,
  { presentation, client_uri: clientUri, redirect_uris: wanted }: Record<string, unknown>,
): Promise<ClientRegistrationCallbackResult | undefined> {
  if (typeof presentation !== 'string')
    return { code: 'invalid_client_metadata', description: 'a presentation is required' }
  const decision = await verifier.register({ presentation })
  if (decision.outcome !== 'accepted' || decision.client === undefined)
    return {
      code: decision.error ?? 'invalid_client_metadata',
      description: decision.error_description ?? 'refused',
    }
  const { client_id: did, redirect_uris: allowed } = decision.client
  if (typeof did !== 'string' || clientUri !== clientPage(trustUrl, did))
    return { code: 'invalid_client_metadata', description: 'client_uri does not name the DID' }
  const strange =
    !Array.isArray(allowed) ||
    !Array.isArray(wanted) ||
    wanted.some((uri: unknown) => typeof uri !== 'string' || !allowed.includes(uri))
  return strange
    ? { code: 'invalid_redirect_uri', description: 'redirect_uris are not those of the DID' }
    : undefined
}
