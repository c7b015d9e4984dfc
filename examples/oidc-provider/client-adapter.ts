import type { VerifierClient } from 'lso-trust/client'
import { clientMetadata } from './client-metadata.ts'

/** A client as it was last seen, or `undefined` for one that is not let in; asked again after `until`. */
interface Seen {
  readonly metadata: Readonly<Record<string, unknown>> | undefined
  readonly until: number
}

/**
 * The clients of this server are those of its verifier: nothing of them is stored here. A client that is not
 * `active` does not exist, so that none of its requests and none of its tokens counts any longer than
 * `statusSeconds` after it was revoked. While the service is away nobody is let in once that time is over.
 */
export function clientAdapter(
  verifier: Pick<VerifierClient, 'client' | 'clientStatus'>,
  statusSeconds: number,
) {
  const seen = new Map<string, Seen>()
  return {
    async find(clientId: string) {
      if (!clientId.startsWith('did:')) return undefined
      const before = seen.get(clientId)
      if (before !== undefined && Date.now() < before.until) return before.metadata
      // From before the question on: what happens meanwhile is seen in the next interval.
      const until = Date.now() + statusSeconds * 1000
      const metadata = await activeClient(verifier, clientId)
      if (metadata === undefined) seen.delete(clientId)
      else seen.set(clientId, { metadata, until })
      return metadata
    },
    /** The registration stored it already, at the service. */
    upsert: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
  }
}

async function activeClient(
  verifier: Pick<VerifierClient, 'client' | 'clientStatus'>,
  clientId: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    const { status } = await verifier.clientStatus(clientId)
    return status === 'active' ? clientMetadata(await verifier.client(clientId)) : undefined
  } catch (error) {
    if (error instanceof Error && 'reason' in error && error.reason === 'not_found')
      return undefined
    throw error
  }
}
