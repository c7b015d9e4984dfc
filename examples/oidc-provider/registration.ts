import type { VerifierClient } from 'lso-trust/client'
import { errors, type Context } from 'oidc-provider'
import { clientMetadata } from './client-metadata.ts'

/** The policy's name, and the initial access token that leads to it: no secret, the presentation decides. */
export const BY_PRESENTATION = 'presentation'

/**
 * The registration policy: the request has a member `presentation`, and everything else of it is replaced by
 * what the verifier decides. A refusal is answered with the error and the reason of the decision.
 */
export const registrationPolicy =
  (verifier: Pick<VerifierClient, 'register'>) =>
  async (_: Context, properties: Record<string, unknown>): Promise<void> => {
    const { presentation } = properties
    if (typeof presentation !== 'string')
      throw new errors.InvalidClientMetadata('a presentation is required')
    const { client_name: _name, client_id: _id, ...rest } = properties
    const asked = Object.fromEntries(
      Object.entries(rest).filter(([name]) => ASKED.includes(name)),
    ) as Readonly<Record<string, string>>
    const decision = await verifier.register({
      presentation,
      ...(Object.keys(asked).length === 0 ? {} : { clientMetadata: asked }),
    })
    if (decision.outcome !== 'accepted' || decision.client === undefined)
      throw new errors.CustomOIDCProviderError(
        decision.error ?? 'invalid_client_metadata',
        decision.error_description ?? 'refused',
      )
    for (const name of Object.keys(properties)) Reflect.deleteProperty(properties, name)
    Object.assign(properties, clientMetadata(decision.client))
  }

/** What a client may ask for beside its presentation. */
const ASKED = ['scope']
