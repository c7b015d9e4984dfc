import { clientView, type ClientView } from '../domain/client/client-view.ts'
import { isDid, type Did } from '../domain/did/did.ts'
import type { ClientGrant } from '../domain/registration/client-grant.ts'
import { grantClient } from '../domain/registration/grant-client.ts'
import type { RequestedMetadata } from '../domain/registration/requested-metadata.ts'
import type { EpochSeconds } from '../domain/time.ts'
import { failed, notApplicable, passed, type Check } from '../domain/verification/check.ts'
import type { VerificationPorts } from '../ports/verification-ports.ts'
import { acceptedEntity } from './accepted-entity.ts'
import type { TrustStep } from './judge-trust.ts'
import { resolveForKey } from './resolve-for-key.ts'
import type { VerificationContext } from './verify-credential.ts'
import type { PresentationReport } from './verify-presentation.ts'

type Needs = Pick<VerificationPorts, 'didResolver'>

/** Redirect URIs that a known client asks for on hosts that were not accepted. */
export interface HeldRedirects {
  readonly clientId: Did
  readonly redirectUris: readonly string[]
  /** Of the document that has them. */
  readonly digest: string
}

/** What a DID may do as a client, and for how long. */
export interface JudgedClient {
  readonly checks: readonly Check[]
  readonly granted: ClientGrant | undefined
  readonly held: HeldRedirects | undefined
  readonly trustChain: readonly TrustStep[]
}

/**
 * What the holder's document and its credentials give it (W128 R4, R5, R16–R19). The document has been
 * read for the signature already.
 *
 * @param known `kid` is the key that the presentation names; `redirectHosts` are those that count for a
 *   client that is known already.
 */
export async function judgeClient(
  needs: Needs,
  presented: PresentationReport,
  asked: RequestedMetadata,
  context: VerificationContext,
  known: {
    readonly kid: string | undefined
    readonly redirectHosts: readonly string[] | undefined
  },
): Promise<JudgedClient> {
  const { holder } = presented
  const entity = acceptedEntity(presented, context)
  // Where no credential was looked at, something before it failed.
  const own =
    entity !== undefined
      ? passed('legal_entity', { rule: 'R4' })
      : presented.credentials.length > 0
        ? failed('legal_entity', 'legal_entity_missing', { rule: 'R4' })
        : notApplicable('legal_entity', { rule: 'R4' })
  const { kid, redirectHosts } = known
  // A document that lacks the key which has just been verified is an older one than that was found in.
  const resolved =
    isDid(holder) && kid !== undefined
      ? await resolveForKey(needs, holder, kid, context.budget)
      : undefined
  if (resolved?.ok !== true)
    return { checks: [own], granted: undefined, held: undefined, trustChain: [] }
  const { document, digest } = resolved.value
  const view = clientView(document, context.now)
  const { checks, grant, held } = grantClient(
    view,
    entity ?? NOBODY(context.now, view),
    asked,
    redirectHosts,
  )
  // Of whom nobody knows what he may do, nobody says that it is too much.
  const told = entity === undefined ? checks.filter(({ check }) => check !== 'scope') : checks
  const granted = entity === undefined ? undefined : grant
  return {
    checks: [own, ...told],
    granted,
    held: held.length === 0 ? undefined : { clientId: view.clientId, redirectUris: held, digest },
    trustChain: entity?.trustChain ?? [],
  }
}

const NOBODY = (now: EpochSeconds, { clientId }: ClientView) => ({
  legalEntity: { legalName: '', country: undefined, credentialId: undefined, issuer: clientId },
  roles: [],
  interfaces: [],
  delegated: [],
  validUntil: now,
})
