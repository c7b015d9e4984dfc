import type { InstanceKey } from '../instance/instance.ts'
import { signingKey } from '../instance/key-schedule.ts'
import type { JsonObject } from '../json/strict-json.ts'
import type { EpochSeconds } from '../time.ts'

/** Media type of the seal of an export in its header. */
export const ARCHIVE_TYP = 'lso-archive+jwt'

/** What a seal is over: an instance as it was at a moment, and the lines of its file. */
export interface SealedArchive {
  readonly kind: 'issuer' | 'verifier'
  readonly instance: { readonly id: string; readonly did: string }
  readonly at: EpochSeconds
  readonly lines: number
  /** base64url SHA-256 of the text of those lines. */
  readonly sha256: string
}

/** The claims of the seal. Equal claims, letter by letter, are the same file. */
export const sealClaimsOf = ({ kind, instance, at, lines, sha256 }: SealedArchive): JsonObject => ({
  iss: instance.did,
  sub: instance.id,
  iat: at,
  kind,
  lines,
  sha256,
})

/**
 * `kid` of the operator's key that seals an export: the one that signs for the instance at that moment,
 * so none that was replaced, retired or compromised. A verifier without keys takes the operator's first.
 */
export const archiveKey = (
  keys: readonly InstanceKey[],
  configured: readonly { readonly kid: string }[],
  at: EpochSeconds,
): string | undefined =>
  (keys.length === 0 ? configured[0] : signingKey({ keys }, configured, at))?.kid
