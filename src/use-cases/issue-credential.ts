import { issueFaults, nameFaults } from '../domain/credential/issue-rules.ts'
import { credentialFaults } from '../domain/credential/data-model.ts'
import {
  completeCredential,
  credentialUrl,
  MODEL_OF,
  withStatusEntries,
} from '../domain/credential/draft.ts'
import { lsoFaults, lsoTypeOf } from '../domain/credential/lso-types.ts'
import { reportedFaults, type Fault } from '../domain/fault.ts'
import {
  signingKey,
  type InstanceId,
  type InstanceKey,
  type Issuer,
  type SecuringFormat,
} from '../domain/instance/instance.ts'
import type { JsonObject } from '../domain/json/strict-json.ts'
import { onlyId, textsIn } from '../domain/json/values.ts'
import { PENDING_SECONDS } from '../domain/limits.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import type { StatusPurpose } from '../domain/status-list/status.ts'
import { later, parseDateTimeStamp, type EpochSeconds } from '../domain/time.ts'
import type { Change } from '../ports/change.ts'
import type { Ports } from '../ports/index.ts'
import type { CredentialDraft, StoredCredential } from '../ports/issuer-store.ts'
import { registeredFaults } from './registered-faults.ts'

type Needs = Pick<
  Ports,
  'credentialSchemas' | 'events' | 'issuers' | 'publicUrl' | 'random' | 'signer' | 'vcdm1Shaper'
>

export interface IssueCredential {
  readonly credential: JsonObject
  /** Another name for status calls (VCALM). */
  readonly credentialId: string | undefined
  /** Absent: what the issuer was created with. */
  readonly format: SecuringFormat | undefined
  /** Absent: `revocation`. */
  readonly status: readonly StatusPurpose[] | undefined
}

export type IssueCredentialRefusal =
  | { readonly reason: 'credential_invalid'; readonly errors: readonly Fault[] }
  | {
      readonly reason:
        'id_taken' | 'idempotency_key_reused' | 'instance_retired' | 'signing_key_missing'
    }

export interface IssuedCredential {
  readonly format: SecuringFormat
  /** The signed credential: a compact JWS. */
  readonly token: string
  readonly stored: StoredCredential
}

/**
 * Issues a credential (VCALM `POST /credentials/issue`).
 *
 *   complete → validate → reserve (intent, index, audit, mark) → sign → store the token
 *
 * What is signed has a row and an index already, so that it can always be revoked (row H16). The same
 * mark again signs nothing new: it answers the token that was stored first.
 */
export async function issueCredential(
  needs: Needs,
  issuer: Issuer,
  command: IssueCredential,
  change: Change,
): Promise<Result<IssuedCredential, IssueCredentialRefusal>> {
  const key = signingKey(issuer, needs.signer.keys)
  if (key === undefined) return refuse({ reason: 'signing_key_missing' })
  const draft = await draftOf(needs, issuer, command, change.at)
  if (!draft.ok) return draft
  const reserved = await needs.issuers.reserve(issuer.id, draft.value, change)
  if (!reserved.ok) return reserved
  const stored = reserved.value
  if (stored.token !== undefined) return ok({ format: stored.format, token: stored.token, stored })

  const signed = await sign(needs, issuer, key, stored)
  const token = await needs.issuers.complete(issuer.id, stored.cid, signed)
  const { cid, types, format } = stored
  needs.events.credentialIssued({ issuer: issuer.id, cid, lsoType: lsoTypeOf(types), format })
  return ok({ format, token, stored: { ...stored, token } })
}

async function draftOf(
  needs: Needs,
  issuer: Issuer,
  command: IssueCredential,
  now: EpochSeconds,
): Promise<Result<CredentialDraft, IssueCredentialRefusal>> {
  const { credentialSchemas, publicUrl, random } = needs
  const format = command.format ?? issuer.securing
  const model = MODEL_OF[format]
  const cid = random.uuid()
  const purposes = command.status ?? ['revocation']
  const credential = completeCredential(command.credential, issuer, format, {
    publicUrl,
    cid,
    now,
    hasStatus: purposes.length > 0,
  })
  const types = textsIn(credential['type'])
  const lsoType = lsoTypeOf(types)
  const errors = reportedFaults(
    issueFaults(credential, issuer, format, publicUrl, credentialUrl(publicUrl, issuer.id, cid)),
    nameFaults('/options/credentialId', command.credentialId ?? '', publicUrl),
    credentialFaults(credential, model),
    lsoType === undefined ? [] : lsoFaults(credential, model),
    ...types.map((type) => credentialSchemas.faults(type, credential) ?? []),
    await registeredFaults(needs, issuer.id, credential),
    lsoType !== undefined && !purposes.includes('revocation')
      ? [{ pointer: '/options/status', detail: 'must name revocation for this type (R4)' }]
      : [],
  )
  const dates = [
    credential['validFrom'] ?? credential['issuanceDate'],
    credential['validUntil'] ?? credential['expirationDate'],
  ]
  const [validFrom, validUntil] = dates.map((date) =>
    typeof date === 'string' ? parseDateTimeStamp(date) : undefined,
  )
  const { id } = credential
  if (errors.length > 0 || typeof id !== 'string' || validFrom === undefined) {
    return refuse({ reason: 'credential_invalid', errors })
  }
  return ok({
    cid,
    credentialId: id,
    alias: command.credentialId,
    format,
    types,
    subject: onlyId(credential['credentialSubject']),
    validFrom,
    validUntil,
    credential,
    purposes,
  })
}

/** Reservations that one run of `finishPending` looks at: more wait for the next. */
const PENDING_AT_ONCE = 100

/**
 * Signs and completes what a crash left between reservation and token (row H16): it has an index
 * already, and perhaps a caller who will ask again under its `Idempotency-Key`. Says whether to look
 * again soon. Run by the issuer's own alarm, so that it depends on no traffic.
 */
export async function finishPending(
  needs: Needs & Pick<Ports, 'clock'>,
  id: InstanceId,
): Promise<'done' | 'again'> {
  const issuer = (await needs.issuers.find(id))?.instance
  if (issuer === undefined) return 'done'
  const now = needs.clock.now()
  const pending = await needs.issuers.pending(id, later(now, 1), PENDING_AT_ONCE)
  const key = signingKey(issuer, needs.signer.keys)
  if (key === undefined) return pending.length === 0 ? 'done' : 'again'
  const old = await needs.issuers.pending(id, later(now, -PENDING_SECONDS), PENDING_AT_ONCE)
  for (const stored of old) {
    await needs.issuers.complete(id, stored.cid, await sign(needs, issuer, key, stored))
    const { cid, types, format } = stored
    needs.events.credentialIssued({ issuer: id, cid, lsoType: lsoTypeOf(types), format })
  }
  return pending.length > old.length || old.length === PENDING_AT_ONCE ? 'again' : 'done'
}

async function sign(
  { publicUrl, signer, vcdm1Shaper }: Needs,
  issuer: Issuer,
  { kid, verificationMethod }: InstanceKey,
  { credential: draft, allocations, format }: StoredCredential,
): Promise<string> {
  const credential = withStatusEntries(draft, allocations, { publicUrl, issuerId: issuer.id })
  switch (format) {
    case 'vc+jwt':
      return signer.sign(kid, { typ: 'vc+jwt', cty: 'vc', kid: verificationMethod }, credential)
    case 'jwt_vc': {
      const shaped = await vcdm1Shaper.shape(credential, {
        issuer: issuer.did,
        kid,
        verificationMethod,
      })
      if (!shaped.ok) throw new Error(`a valid draft could not be shaped: ${shaped.refusal.member}`)
      return shaped.value
    }
  }
}
