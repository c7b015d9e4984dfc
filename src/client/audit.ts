import { readObject, readPage, type Page } from './answers.ts'
import { pageQuery, type CallOptions, type PageRequest } from './call-options.ts'
import type { Json, JsonObject } from './json.ts'
import type { Transport } from './transport.ts'
import { TrustError } from './trust-error.ts'

/** One link of the chain of audit records. */
export interface AuditRecord {
  /** Counts from 1 without gaps. */
  readonly sequence: number
  readonly at: string
  /** The same in seconds since 1970: the form that is hashed. */
  readonly epoch: number
  /** Whose token acted: `admin`, or the instance's own. */
  readonly actor: string
  readonly action: string
  readonly detail: JsonObject
  /** `hash` of the record before; empty for the first. */
  readonly previous: string
  readonly hash: string
}

/** Whether the chain is unbroken. Keep `records` and `head` elsewhere: what they cover cannot be rewritten. */
export type AuditVerification =
  | { readonly intact: true; readonly records: number; readonly head: string }
  | { readonly intact: false; readonly brokenAt: number }

/** The audit records of an issuer or a verifier, with its token. */
export interface AuditClient {
  /** Who did what, the oldest first, page by page. */
  auditRecords(options?: CallOptions & PageRequest): Promise<Page<AuditRecord>>
  /**
   * Walks the chain of audit records.
   *
   * @example
   * const verifier = createTrustClient({ url, token: verifierToken }).verifier('seller')
   * const chain = await verifier.verifyAudit()
   * chain.intact // → true
   * const { items } = await verifier.auditRecords({ limit: 1 })
   * items[0].action // → 'instance.create'
   */
  verifyAudit(options?: CallOptions): Promise<AuditVerification>
}

export function auditClient(transport: Transport, base: string): AuditClient {
  const get = async (path: string, options: CallOptions = {}): Promise<Json> =>
    (await transport.json({ method: 'GET', path: `${base}${path}`, ...options })).body
  return {
    auditRecords: async ({ cursor, limit, ...options } = {}) =>
      readPage(await get(`/audit${pageQuery({ cursor, limit })}`, options), readAuditRecord),
    async verifyAudit(options) {
      const verification = readObject(await get('/audit/verify', options))
      if (!isAuditVerification(verification)) throw new TrustError('answer_unexpected')
      return verification
    },
  }
}

function readAuditRecord(body: Json): AuditRecord {
  const record: JsonObject = readObject(body)
  if (!isAuditRecord(record)) throw new TrustError('answer_unexpected')
  return record
}

const isAuditRecord = (body: JsonObject): body is AuditRecord & JsonObject =>
  typeof body['sequence'] === 'number' &&
  ['at', 'actor', 'action', 'previous', 'hash'].every((name) => typeof body[name] === 'string')

const isAuditVerification = (body: JsonObject): body is AuditVerification & JsonObject =>
  body['intact'] === true
    ? typeof body['records'] === 'number' && typeof body['head'] === 'string'
    : body['intact'] === false && typeof body['brokenAt'] === 'number'
