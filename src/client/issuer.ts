import { accreditationsClient, type AccreditationsClient } from './accreditations.ts'
import { readObject, readPage, textIn, type Page } from './answers.ts'
import { auditClient, type AuditClient } from './audit.ts'
import { query, segment, type CallOptions, type PageRequest } from './call-options.ts'
import { exported } from './export.ts'
import { issuerKeysClient, type IssuerKeysClient } from './issuer-keys.ts'
import { isJsonObject, type Json, type JsonObject } from './json.ts'
import type { SecuredCredential } from './presentation.ts'
import type { Transport } from './transport.ts'
import { TrustError } from './trust-error.ts'

export type StatusPurpose = 'revocation' | 'suspension'

/** A credential to issue, and how. */
export interface NewCredential {
  /** VCDM; `@context`, `id`, `issuer`, `validFrom` and the status entry are filled in. */
  readonly credential: JsonObject
  readonly options?: {
    readonly credentialId?: string
    readonly format?: 'vc+jwt' | 'jwt_vc'
    /** Revocation alone, where absent. */
    readonly status?: readonly StatusPurpose[]
  }
}

export interface IssuedCredential {
  readonly verifiableCredential: SecuredCredential
  /** Where everybody sees how it stands. */
  readonly url: string
}

/** What became of each credential of a batch, in their order. */
export interface IssueReport {
  readonly issued: number
  readonly refused: number
  readonly items: readonly JsonObject[]
}

/** What everybody may know of a credential. */
export interface CredentialSummary {
  readonly id: string
  readonly url: string
  readonly type: readonly string[]
  readonly issuer: string
  readonly subject?: string
  readonly status: 'active' | 'suspended' | 'revoked'
}

export interface StatusChange {
  /** The `id` of the credential. */
  readonly credentialId: string
  readonly statusPurpose: StatusPurpose
  /** True sets it, false lifts it. A revocation is final. */
  readonly status: boolean
  /** Goes into the audit record. */
  readonly reason?: string
}

export interface StatusSelection extends Omit<StatusChange, 'credentialId'> {
  readonly select: {
    readonly credentialIds?: readonly string[]
    readonly subject?: string
    readonly type?: string
  }
  /** True tells what would be hit, and changes nothing. */
  readonly dryRun: boolean
}

/** What one issuer does, with its token. */
export interface IssuerClient extends AuditClient, IssuerKeysClient, AccreditationsClient {
  /**
   * Issues one credential.
   *
   * @example
   * const issuer = createTrustClient({ url, token: issuerToken }).issuer('registrar')
   * const { url: at } = await issuer.issue({ credential: legalEntity })
   * const seen = await createTrustClient({ url }).credential(at)
   * seen.status // → 'active'
   * await issuer.changeStatus({ credentialId: seen.id, statusPurpose: 'revocation', status: true })
   * const after = await createTrustClient({ url }).credential(at)
   * after.status // → 'revoked'
   */
  issue(wanted: NewCredential, options?: CallOptions): Promise<IssuedCredential>
  /** Issues up to 1,000; each comes to its own end. */
  issueBatch(wanted: readonly NewCredential[], options?: CallOptions): Promise<IssueReport>
  /** Revokes, suspends, or lifts a suspension. */
  changeStatus(
    change: StatusChange,
    options?: CallOptions,
  ): Promise<{ readonly credentialId: string; readonly status: string }>
  /** The same for all that are selected, up to 1,000, or what it would hit. */
  changeStatuses(selection: StatusSelection, options?: CallOptions): Promise<JsonObject>
  credentials(
    options?: CallOptions &
      PageRequest & {
        readonly subject?: string
        readonly type?: string
        readonly status?: 'active' | 'suspended' | 'revoked'
      },
  ): Promise<Page<CredentialSummary>>
  /** All that the issuer owns, as NDJSON, to be read as it comes. Holds no private key. */
  export(options?: CallOptions): Promise<ReadableStream<Uint8Array>>
}

export function issuerClient(transport: Transport, id: string): IssuerClient {
  const base = `/issuers/${segment(id)}`
  const get = async (path: string, options: CallOptions = {}): Promise<Json> =>
    (await transport.json({ method: 'GET', path: `${base}${path}`, ...options })).body
  const post = (path: string, body: Readonly<Record<string, unknown>>, options?: CallOptions) =>
    transport.json({ method: 'POST', path: `${base}${path}`, body, ...options })
  return {
    ...auditClient(transport, base),
    ...issuerKeysClient(transport, base),
    ...accreditationsClient(transport, base),
    async issue(wanted, options) {
      const { body, headers } = await post('/credentials/issue', { ...wanted }, options)
      const secured = readObject(body)['verifiableCredential']
      const url = headers.get('Location')
      if (url === null || !(typeof secured === 'string' || isJsonObject(secured)))
        throw new TrustError('answer_unexpected')
      return { verifiableCredential: secured, url }
    },
    async issueBatch(credentials, options) {
      const { body } = await post('/credentials/issue-batch', { credentials }, options)
      const report = readObject(body)
      if (!isIssueReport(report)) throw new TrustError('answer_unexpected')
      return report
    },
    async changeStatus({ credentialId, statusPurpose, status, reason }, options) {
      const credentialStatus = { type: 'BitstringStatusListEntry', statusPurpose }
      const change = { credentialId, credentialStatus, status, reason }
      const { body } = await post('/credentials/status', change, options)
      return { credentialId: textIn(body, 'credentialId'), status: textIn(body, 'status') }
    },
    async changeStatuses(selection, options) {
      return readObject((await post('/credentials/status-batch', { ...selection }, options)).body)
    },
    async credentials({ cursor, limit, subject, type, status, ...options } = {}) {
      const path = `/credentials${query({ cursor, limit, subject, type, status })}`
      return readPage(await get(path, options), readCredentialSummary)
    },
    export: (options) => exported(transport, base, options),
  }
}

/** What everybody may know of a credential, from its URL. */
export function readCredentialSummary(body: Json): CredentialSummary {
  const summary: JsonObject = readObject(body)
  if (!isCredentialSummary(summary)) throw new TrustError('answer_unexpected')
  return summary
}

const isCredentialSummary = (body: JsonObject): body is CredentialSummary & JsonObject =>
  ['id', 'url', 'issuer', 'status'].every((member) => typeof body[member] === 'string') &&
  Array.isArray(body['type'])

const isIssueReport = (body: JsonObject): body is IssueReport & JsonObject =>
  typeof body['issued'] === 'number' &&
  typeof body['refused'] === 'number' &&
  Array.isArray(body['items'])
