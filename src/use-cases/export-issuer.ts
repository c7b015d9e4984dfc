import { ARCHIVE_KINDS } from '../domain/archive/archive-row.ts'
import type { Issuer } from '../domain/instance/instance.ts'
import { listedKeys } from '../domain/instance/key-schedule.ts'
import type { Ports } from '../ports/index.ts'
import { exportArchive, publicKeysOf } from './export-archive.ts'

type Needs = Pick<Ports, 'clock' | 'digest' | 'issuers' | 'signer'>

/**
 * Everything an issuer owns: see `exportArchive`. It is the state at the first page; what changes
 * meanwhile is left out. No token hash, no mark and no private key is in it.
 */
export async function exportIssuer(
  needs: Needs,
  issuer: Issuer,
): Promise<ReturnType<typeof exportArchive>> {
  const { clock, issuers } = needs
  const bounds = await issuers.exportBounds(issuer.id)
  const at = clock.now()
  const holdings = await issuers.keyHoldings(issuer.id)
  const publicKeys = publicKeysOf(needs, listedKeys(holdings, at))
  const exported = { ...issuer, keys: holdings.keys }
  return exportArchive(needs, {
    kind: 'issuer',
    instance: exported,
    publicKeys,
    at,
    kinds: ARCHIVE_KINDS,
    page: (kind, page) => issuers.exportPage(issuer.id, kind, bounds, page),
  })
}
