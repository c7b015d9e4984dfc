import { decodeBase64url, encodeBase64url, utf8, utf8Text } from '../domain/base64url.ts'
import { isDid, type Did } from '../domain/did/did.ts'
import type { KeyArithmetic } from '../domain/did/method-key.ts'
import { parseDidDocument } from '../domain/did/parse-did-document.ts'
import type { InstanceId } from '../domain/instance/instance.ts'
import {
  isJsonObject,
  parseStrictJsonText,
  type Json,
  type JsonObject,
} from '../domain/json/strict-json.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import { STATUS_PURPOSES, type StatusPurpose } from '../domain/status-list/status.ts'
import { isEpochSeconds } from '../domain/time.ts'
import type { ResolutionOptions, ResolutionRefusal, ResolvedDid } from '../ports/did-resolver.ts'
import type { FetchedBody, FetchRefusal, GuardedRequest } from '../ports/guarded-fetch.ts'
import type { HostedIssuer, VerificationPorts } from '../ports/verification-ports.ts'

/** All that a verification can learn from outside, but for status lists, which each request keeps itself. */
export type World = Pick<VerificationPorts, 'didResolver' | 'guardedFetch' | 'issuers'>

/** One kind of question to the world, and how its answer is written down and read again. */
export interface Inquiry<Question, Answer> {
  readonly name: string
  ask(world: World, question: Question): Promise<Answer>
  /** What tells one question from another. */
  about(question: Question): Json
  write(answer: Answer): Json
  /** `undefined` for what `write` never wrote. */
  read(written: Json, question: Question, arithmetic: KeyArithmetic): Answer | undefined
}

/** Answers a question of this kind, wherever from. */
export type Answering = <Question, Answer>(
  inquiry: Inquiry<Question, Answer>,
  question: Question,
) => Promise<Answer>

/** The world as somebody answers for it. */
export const worldOf = (answer: Answering): World => ({
  didResolver: { resolve: (did, options = {}) => answer(DOCUMENT, { did, options }) },
  guardedFetch: { get: (request) => answer(FETCH, request) },
  issuers: {
    find: async (id) => (await answer(ISSUER, id)) ?? undefined,
    accreditations: (id) => answer(ACCREDITATIONS, id),
    statusAt: async (id, listId, index) =>
      (await answer(STATUS, { id, listId, index })) ?? undefined,
  },
})

const RESOLUTION_REFUSALS: { readonly [Reason in ResolutionRefusal['reason']]: true } = {
  did_invalid: true,
  did_method_not_supported: true,
  key_type_not_supported: true,
  did_not_found: true,
  did_deactivated: true,
  did_document_invalid: true,
  destination_not_allowed: true,
  redirect_not_followed: true,
  did_host_failed: true,
  did_host_timeout: true,
  fetch_budget_spent: true,
}

const DOCUMENT: Inquiry<
  { readonly did: Did; readonly options: ResolutionOptions },
  Result<ResolvedDid, ResolutionRefusal>
> = {
  name: 'did_document',
  ask: (world, { did, options }) => world.didResolver.resolve(did, options),
  about: ({ did, options }) => ({ did, fresh: options.fresh === true }),
  write(answer) {
    if (!answer.ok) {
      const { reason } = answer.refusal
      return {
        refused: reason,
        ...('fault' in answer.refusal ? { fault: answer.refusal.fault } : {}),
      }
    }
    const { json, digest, retrieved } = answer.value
    return { document: json, digest, retrieved }
  },
  read(written, { did }, arithmetic) {
    if (!isJsonObject(written)) return undefined
    const { refused, fault, document: json, digest, retrieved } = written
    if (refused !== undefined) {
      const reason = nameIn(RESOLUTION_REFUSALS, refused)
      if (reason === 'did_document_invalid')
        return refuse({ reason, fault: typeof fault === 'string' ? fault : '' })
      if (reason === 'did_invalid' && (fault === 'key_unusable' || fault === 'key_small_order'))
        return refuse({ reason, fault })
      return reason === undefined ? undefined : refuse({ reason })
    }
    const source = typeof json === 'string' ? objectIn(json) : undefined
    if (source === undefined || typeof json !== 'string' || typeof digest !== 'string')
      return undefined
    const document = parseDidDocument(source, did, arithmetic)
    if (!document.ok || !isEpochSeconds(retrieved)) return undefined
    return ok({ document: document.value, json, digest, retrieved })
  },
}

const FETCH_REFUSALS: { readonly [Reason in FetchRefusal['reason']]: true } = {
  destination_not_allowed: true,
  fetch_budget_spent: true,
  redirect_not_followed: true,
  not_found: true,
  host_failed: true,
  host_timeout: true,
  body_incomplete: true,
  media_type_not_accepted: true,
  body_too_large: true,
}

/** A body is written as text where it is one, so that a reader of the evidence can read it too. */
const FETCH: Inquiry<GuardedRequest, Result<FetchedBody, FetchRefusal>> = {
  name: 'fetch',
  ask: (world, request) => world.guardedFetch.get(request),
  // A host that negotiates answers each media type otherwise.
  about: ({ url, mediaTypes, maxBytes }) => ({ url, mediaTypes, maxBytes }),
  write(answer) {
    if (!answer.ok) return { refused: answer.refusal.reason }
    const { bytes, mediaType } = answer.value
    const text = utf8Text(bytes)
    return { mediaType, ...(text === undefined ? { base64url: encodeBase64url(bytes) } : { text }) }
  },
  read(written) {
    if (!isJsonObject(written)) return undefined
    const { refused, mediaType, text, base64url } = written
    if (refused !== undefined) {
      const reason = nameIn(FETCH_REFUSALS, refused)
      return reason === undefined ? undefined : refuse({ reason })
    }
    const bytes =
      typeof text === 'string'
        ? utf8(text)
        : typeof base64url === 'string'
          ? decodeBase64url(base64url)
          : undefined
    if (bytes === undefined || typeof mediaType !== 'string') return undefined
    return ok({ bytes, mediaType })
  },
}

/**
 * Of an issuer of this deployment nothing is written down but what a verification looks at, and which of its
 * keys were withdrawn: its document lacks them, and who rests on it has to look again.
 */
const ISSUER: Inquiry<InstanceId, { readonly instance: HostedIssuer } | null> = {
  name: 'hosted_issuer',
  ask: async (world, id) => (await world.issuers.find(id)) ?? null,
  about: (id) => ({ issuer: id }),
  write(found) {
    if (found === null) return null
    const { did, retiredAt, keys = [] } = found.instance
    const withdrawnKeys = keys.filter(({ withdrawn }) => withdrawn !== undefined)
    return {
      did,
      ...(retiredAt === undefined ? {} : { retiredAt }),
      ...(withdrawnKeys.length === 0 ? {} : { withdrawnKeys: withdrawnKeys.map(({ kid }) => kid) }),
    }
  },
  read(written, id) {
    if (written === null) return null
    if (!isJsonObject(written)) return undefined
    const { did, retiredAt } = written
    if (!isDid(did)) return undefined
    if (retiredAt === undefined) return { instance: { id, did } }
    return isEpochSeconds(retiredAt) ? { instance: { id, did, retiredAt } } : undefined
  },
}

const STATUS: Inquiry<
  { readonly id: InstanceId; readonly listId: string; readonly index: number },
  { readonly purpose: StatusPurpose; readonly set: boolean } | null
> = {
  name: 'hosted_status',
  ask: async (world, { id, listId, index }) =>
    (await world.issuers.statusAt(id, listId, index)) ?? null,
  about: ({ id, listId, index }) => ({ issuer: id, list: listId, index }),
  write: (held) => (held === null ? null : { purpose: held.purpose, set: held.set }),
  read(written) {
    if (written === null) return null
    if (!isJsonObject(written)) return undefined
    const { purpose, set } = written
    const known = STATUS_PURPOSES.find((one) => one === purpose)
    return known === undefined || typeof set !== 'boolean' ? undefined : { purpose: known, set }
  },
}

/** What a hosted issuer publishes of its own accreditations: compact tokens. */
const ACCREDITATIONS: Inquiry<InstanceId, readonly string[]> = {
  name: 'hosted_accreditations',
  ask: (world, id) => world.issuers.accreditations(id),
  about: (id) => ({ issuer: id }),
  write: (tokens) => [...tokens],
  read: (written) =>
    Array.isArray(written) && written.every((token) => typeof token === 'string')
      ? written
      : undefined,
}

/** The name among these that `value` is. */
function nameIn<Name extends string>(
  names: { readonly [One in Name]: true },
  value: Json,
): Name | undefined {
  const isName = (one: Json): one is Name => typeof one === 'string' && Object.hasOwn(names, one)
  return isName(value) ? value : undefined
}

function objectIn(text: string): JsonObject | undefined {
  const read = parseStrictJsonText(text)
  return read.ok && isJsonObject(read.value) ? read.value : undefined
}
