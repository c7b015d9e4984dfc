import { VERIFIER_ARCHIVE_KINDS } from '../domain/archive/verifier-archive-row.ts'
import type { Verifier } from '../domain/instance/instance.ts'
import type { Ports } from '../ports/index.ts'
import { exportArchive, publicKeysOf } from './export-archive.ts'

/**
 * Everything a verifier owns: see `exportArchive`. The change feed and the audit chain come last, so that
 * they hold every change of what stands before them. No token hash, no mark, no private key and not
 * what seals its challenges is in it.
 */
export function exportVerifier(
  needs: Pick<Ports, 'clock' | 'digest' | 'signer' | 'verifiers'>,
  verifier: Verifier,
): ReturnType<typeof exportArchive> {
  const { challengeSecret: _, ...exported } = verifier
  return exportArchive(needs, {
    kind: 'verifier',
    instance: exported,
    publicKeys: publicKeysOf(needs, verifier.keys),
    at: needs.clock.now(),
    kinds: VERIFIER_ARCHIVE_KINDS,
    page: (kind, page) => needs.verifiers.exportPage(verifier.id, kind, page),
  })
}
