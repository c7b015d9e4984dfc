import type { CredentialClaims } from '../domain/credential/credential-claims.ts'
import type { Did } from '../domain/did/did.ts'
import { MAX_STATUS_ENTRIES } from '../domain/limits.ts'
import { isInstanceId } from '../domain/instance/instance.ts'
import {
  hostedStatusList,
  readStatusEntries,
  type StatusEntry,
} from '../domain/status-list/status-entry.ts'
import {
  failed,
  notApplicable,
  passed,
  unanswered,
  type Check,
} from '../domain/verification/check.ts'
import type { Ports } from '../ports/index.ts'

type Needs = Pick<Ports, 'issuers' | 'publicUrl'>

const RULE = 'R8'

/**
 * What the status entries of a credential say now (rules R4, R8). The signature is verified before:
 * an entry is asked only because its issuer wrote it. Lists of this deployment are read from the
 * issuer's own store, so that a revocation shows in the very next answer; an entry of any other
 * source is indeterminate.
 *
 * @param required whether a credential without a `revocation` entry is refused (row V9).
 */
export async function checkStatus(
  needs: Needs,
  { credential, hasTokenStatus }: Pick<CredentialClaims, 'credential' | 'hasTokenStatus'>,
  issuer: Did,
  required: boolean,
): Promise<readonly Check[]> {
  const entries = readStatusEntries(credential['credentialStatus'])
  if (entries.length > MAX_STATUS_ENTRIES)
    return [failed('status', 'status_invalid', { rule: RULE })]
  const revocable = entries.some(
    (entry) => entry.kind === 'bitstring' && entry.purpose === 'revocation',
  )
  const missing =
    required && !revocable ? [failed('status', 'status_required', { rule: 'R4' })] : []
  const checks = await Promise.all(entries.map((entry) => checkEntry(needs, entry, issuer)))
  // A status in another form may say no: what we cannot read is never taken for a yes.
  const other = hasTokenStatus
    ? [unanswered('status', 'status_type_not_supported', { rule: RULE })]
    : []
  const found = [...missing, ...checks, ...other]
  return found.length === 0 ? [notApplicable('status', { rule: RULE })] : found
}

async function checkEntry(needs: Needs, entry: StatusEntry, issuer: Did): Promise<Check> {
  switch (entry.kind) {
    case 'bitstring':
      return checkBitstringEntry(needs, entry, issuer)
    case 'other_purpose':
      return notApplicable('status', { rule: RULE })
    case 'unknown_purpose':
    case 'unknown_type':
      return unanswered('status', 'status_type_not_supported', { rule: RULE })
    case 'index_invalid':
      return failed('status', 'status_index_invalid', { rule: RULE })
    case 'malformed':
      return failed('status', 'status_invalid', { rule: RULE })
  }
}

async function checkBitstringEntry(
  { issuers, publicUrl }: Needs,
  { listUrl, index, purpose }: Extract<StatusEntry, { kind: 'bitstring' }>,
  issuer: Did,
): Promise<Check> {
  const evidence = {
    statusPurpose: purpose,
    statusListIndex: String(index),
    statusListCredential: listUrl,
  }
  const hosted = hostedStatusList(publicUrl, listUrl)
  if (hosted === undefined)
    return unanswered('status', 'status_source_not_supported', { rule: RULE, evidence })
  const { issuerId, listId } = hosted
  const stored = isInstanceId(issuerId) ? await issuers.find(issuerId) : undefined
  if (stored?.instance.did !== issuer)
    return failed('status', 'status_issuer_mismatch', { rule: RULE, evidence })
  const held = await issuers.statusAt(stored.instance.id, listId, index)
  if (held === undefined) return failed('status', 'status_index_invalid', { rule: RULE, evidence })
  if (held.purpose !== purpose) return failed('status', 'status_invalid', { rule: RULE, evidence })
  if (!held.set) return passed('status', { rule: RULE, evidence })
  return failed('status', purpose === 'revocation' ? 'revoked' : 'suspended', {
    rule: RULE,
    evidence,
  })
}
