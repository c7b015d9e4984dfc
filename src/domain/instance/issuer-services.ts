import type { JsonObject } from '../json/strict-json.ts'
import { statusListsUrl } from '../status-list/status-entry.ts'
import type { Issuer } from './instance.ts'

/** Where a hosted issuer publishes the accreditations that others gave to it (W128 D3). */
export const linkedPresentationUrl = (publicUrl: string, { id }: Pick<Issuer, 'id'>): string =>
  `${publicUrl}/issuers/${id}/linked-presentation`

/**
 * The services of a hosted issuer's document: the presentation of its accreditations (DIF Linked
 * Verifiable Presentation §3), and the list of its status lists (Token Status List §9.2). Both are
 * there from the beginning, so that a document does not change with what is published.
 */
export const issuerServices = (
  publicUrl: string,
  issuer: Pick<Issuer, 'id' | 'did'>,
): readonly JsonObject[] => [
  {
    id: `${issuer.did}#linked-presentation`,
    type: 'LinkedVerifiablePresentation',
    serviceEndpoint: linkedPresentationUrl(publicUrl, issuer),
  },
  {
    id: `${issuer.did}#status-lists`,
    type: 'StatusListAggregation',
    serviceEndpoint: statusListsUrl(publicUrl, issuer.id),
  },
]
