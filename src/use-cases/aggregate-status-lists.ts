import type { Issuer } from '../domain/instance/instance.ts'
import { statusListUrl } from '../domain/status-list/status-entry.ts'
import type { Ports } from '../ports/index.ts'

/**
 * URLs of all status lists of an issuer (Token Status List §9.3), so that a verifier can fetch them
 * before it meets the credentials.
 */
export async function aggregateStatusLists(
  { issuers, publicUrl }: Pick<Ports, 'issuers' | 'publicUrl'>,
  issuer: Issuer,
): Promise<readonly string[]> {
  const listIds = await issuers.statusLists(issuer.id)
  return listIds.map((listId) => statusListUrl(publicUrl, issuer.id, listId))
}
