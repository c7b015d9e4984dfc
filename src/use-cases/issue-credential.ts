import { endFaults, issueFaults, nameFaults, sizeFaults } from '../domain/credential/issue-rules.ts'
import { credentialFaults } from '../domain/credential/data-model.ts'
import {
  completeCredential,
  credentialUrl,
  MODEL_OF,
  withStatusEntries,
} from '../domain/credential/draft.ts'
import { lsoFaults, lsoTypeOf } from '../domain/credential/lso-types.ts'
import { reportedFaults, type Fault } from '../domain/fault.ts'
import type {
  InstanceId,
  InstanceKey,
  Issuer,
  SecuringFormat,
} from '../domain/instance/instance.ts'
import { signingKey } from '../domain/instance/key-schedule.ts'
import type { JsonObject } from '../domain/json/strict-json.ts'
import { distinctTexts, onlyId } from '../domain/json/values.ts'
import { PENDING_SECONDS } from '../domain/limits.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import type { StatusPurpose } from '../domain/status-list/status.ts'
import { later, parseDateTimeStamp, type EpochSeconds } from '../domain/time.ts'
import type { Change } from '../ports/change.ts'
import type { Ports } from '../ports/index.ts'
import type {
  CredentialDraft,
  Issued,
  IssuerStore,
  StoredCredential,
} from '../ports/issuer-store.ts'
import { holdAgainstSchemas } from './hold-against-schemas.ts'

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
 *   complete → validate → issue the draft
 *
 * What is signed has a row and an index already, so that it can always be revoked (row H16). The same
 * mark again signs nothing new: it answers the token that was stored first, also when what it asks for
 * would be refused by now (row H13).
 */
export async function issueCredential(
  needs: Needs,
  issuer: Issuer,
  command: IssueCredential,
  change: Change,
): Promise<Result<IssuedCredential, IssueCredentialRefusal>> {
  const key = signingKey(issuer, needs.signer.keys, change.at)
  if (key === undefined) return refuse({ reason: 'signing_key_missing' })
  const draft = await draftOf(needs, issuer, command, change.at)
  const issued = draft.ok
    ? await (needs.issuers.issue?.(issuer.id, draft.value, change) ??
        issueDraft(needs, issuer, draft.value, change))
    : await issuedBefore(needs, issuer, draft, change)
  if (!issued.ok) return issued
  const { stored, token, replayed } = issued.value
  const { cid, types, format } = stored
  if (!replayed) {
    needs.events.credentialIssued({ issuer: issuer.id, cid, lsoType: lsoTypeOf(types), format })
  }
  return ok({ format, token, stored })
}

/** What a store must be asked for to issue a draft. */
type Issuing = Pick<Ports, 'publicUrl' | 'signer' | 'vcdm1Shaper'> & {
  readonly issuers: Pick<IssuerStore, 'reserve' | 'complete'>
}

/**
 * Issues a draft that is valid.
 *
 *   reserve (intent, index, audit, mark) → sign → store the token
 *
 * Run where the rows are, by a store that has `issue`.
 */
export async function issueDraft(
  needs: Issuing,
  issuer: Issuer,
  draft: CredentialDraft,
  change: Change,
): ReturnType<NonNullable<IssuerStore['issue']>> {
  const reserved = await needs.issuers.reserve(issuer.id, draft, change)
  return reserved.ok ? issueReserved(needs, issuer, reserved.value, change.at) : reserved
}

async function issueReserved(
  needs: Issuing,
  issuer: Issuer,
  stored: StoredCredential,
  now: EpochSeconds,
): Promise<Result<Issued, { readonly reason: 'signing_key_missing' }>> {
  if (stored.token !== undefined) return ok({ stored, token: stored.token, replayed: true })
  const completed = await complete(needs, issuer, stored, now)
  if (!completed.ok) return completed
  const token = completed.value
  return ok({ stored: { ...stored, token }, token, replayed: false })
}

/** Looked up for a draft that is refused alone: `reserve` looks at the mark itself. */
async function issuedBefore(
  needs: Needs,
  issuer: Issuer,
  draft: Result<never, IssueCredentialRefusal>,
  { mark, at }: Change,
): Promise<Result<Issued, IssueCredentialRefusal>> {
  const reserved = mark && (await needs.issuers.reserved(issuer.id, mark, at))
  if (reserved === undefined) return draft
  return reserved.ok ? issueReserved(needs, issuer, reserved.value, at) : reserved
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
  const types = distinctTexts(credential['type'])
  const lsoType = lsoTypeOf(types)
  const unfit = reportedFaults(
    endFaults(command.credential, format, now),
    issueFaults(credential, issuer, format, publicUrl, credentialUrl(publicUrl, issuer.id, cid)),
    nameFaults('/options/credentialId', command.credentialId ?? '', publicUrl),
    credentialFaults(credential, model),
    lsoType === undefined ? [] : lsoFaults(credential, model),
    ...types.map((type) => credentialSchemas.faults(type, credential) ?? []),
    lsoType !== undefined && !purposes.includes('revocation')
      ? [{ pointer: '/options/status', detail: 'must name revocation for this type (R4)' }]
      : [],
  )
  // Schemas of others cost most, and run on nothing that is refused without them.
  const held =
    unfit.length > 0 ? refuse(unfit) : await holdAgainstSchemas(needs, issuer.id, credential)
  const errors = !held.ok
    ? held.refusal
    : held.value === credential
      ? []
      : sizeFaults(held.value, format)
  const dates = [
    credential['validFrom'] ?? credential['issuanceDate'],
    credential['validUntil'] ?? credential['expirationDate'],
  ]
  const [validFrom, validUntil] = dates.map((date) =>
    typeof date === 'string' ? parseDateTimeStamp(date) : undefined,
  )
  const { id } = credential
  if (!held.ok || errors.length > 0 || typeof id !== 'string' || validFrom === undefined) {
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
    credential: held.value,
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
  const old = await needs.issuers.pending(id, later(now, -PENDING_SECONDS), PENDING_AT_ONCE)
  for (const stored of old) {
    // Without a key nothing can be signed: the next alarm tries again.
    if (!(await complete(needs, issuer, stored, now)).ok) return 'again'
    const { cid, types, format } = stored
    needs.events.credentialIssued({ issuer: id, cid, lsoType: lsoTypeOf(types), format })
  }
  return pending.length > old.length || old.length === PENDING_AT_ONCE ? 'again' : 'done'
}

/**
 * Signs and stores the token. A key that was withdrawn since the issuer's record was read signs nothing
 * that is stored: it is signed again, with the keys that the store has.
 */
async function complete(
  needs: Issuing,
  issuer: Issuer,
  stored: StoredCredential,
  now: EpochSeconds,
): Promise<Result<string, { readonly reason: 'signing_key_missing' }>> {
  let { keys } = issuer
  for (;;) {
    const key = signingKey({ keys }, needs.signer.keys, now)
    if (key === undefined) return refuse({ reason: 'signing_key_missing' })
    const signed = await sign(needs, issuer, key, stored)
    const completed = await needs.issuers.complete(issuer.id, stored.cid, signed, key.kid)
    if (completed.ok) return completed
    keys = completed.refusal.keys
  }
}

async function sign(
  { publicUrl, signer, vcdm1Shaper }: Issuing,
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
