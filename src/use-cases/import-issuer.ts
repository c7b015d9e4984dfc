import { ARCHIVE_KINDS, type ArchiveRow } from '../domain/archive/archive-row.ts'
import {
  kindOf,
  readEnd,
  readHeader,
  readRow,
  type ArchiveHeader,
} from '../domain/archive/read-archive-line.ts'
import { firstBrokenLink, GENESIS } from '../domain/audit/audit-record.ts'
import { encodeBase64url, utf8 } from '../domain/base64url.ts'
import { isReservedType, isTypeName, schemaFaults } from '../domain/credential/schema-rules.ts'
import type { Did } from '../domain/did/did.ts'
import type { Fault } from '../domain/fault.ts'
import { hostedDid, hostedInstance, type InstanceId } from '../domain/instance/instance.ts'
import { replacedAt } from '../domain/instance/key-schedule.ts'
import { canonicalJson } from '../domain/json/canonical.ts'
import {
  isJsonObject,
  parseStrictJson,
  parseStrictJsonText,
  type Json,
  type JsonRefusal,
} from '../domain/json/strict-json.ts'
import { MAX_IMPORT_CHUNK_ROWS, MAX_PAGE_CHARACTERS } from '../domain/limits.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import type { Change } from '../ports/change.ts'
import type { Ports } from '../ports/index.ts'
import { newToken } from './create-instance.ts'
import { schemaUrl } from './put-schema.ts'

type Needs = Pick<
  Ports,
  'digest' | 'directory' | 'events' | 'issuers' | 'publicUrl' | 'random' | 'signer'
>

/** One line without its end, or why there is none. */
export type Line = Result<
  Uint8Array,
  { readonly reason: 'body_too_large' | 'body_incomplete' | 'utf8_invalid' }
>

/** A mark whose request is yet to be told: it covers the whole file, which is known at its end only. */
export type ImportChange = (fileDigest: Uint8Array) => Change

export type ImportRefusal =
  | JsonRefusal
  | { readonly reason: 'body_too_large' | 'body_incomplete' }
  | { readonly reason: 'request_invalid'; readonly errors: readonly Fault[] }
  /** `line` counts from 1. */
  | { readonly reason: 'archive_invalid'; readonly line: number; readonly detail: string }
  | { readonly reason: 'instance_exists' | 'idempotency_key_reused' }

export interface ImportedIssuer {
  readonly id: InstanceId
  readonly did: Did
  /** Shown this once; only its hash is stored. */
  readonly token: string
  readonly credentials: number
  readonly statusLists: number
  /** Records of the chain that came with the file, and the hash of the last of them. */
  readonly audit: { readonly records: number; readonly head: string }
}

/**
 * Takes an issuer over from its export: ids, indexes, statuses and audit chain as they were, with a
 * token of its own. Refused when the deployment lacks one of its keys or has an issuer of its name, and
 * when the file is not, to the byte, what an export wrote: then nothing of it is ever visible. That
 * tokens and drafts belong together is not checked: who has the admin token could issue them anyway.
 */
export async function importIssuer(
  needs: Needs,
  lines: AsyncIterable<Line>,
  changeOf: ImportChange,
): Promise<Result<ImportedIssuer, ImportRefusal>> {
  const reader = lines[Symbol.asyncIterator]()
  const running = needs.digest.running()
  const first = await nextLine(reader, running)
  if (!first.ok) return first
  const header = readHeader(first.value)
  if (!header.ok) return refuse({ reason: 'request_invalid', errors: header.refusal })
  const errors = headerFaults(needs, header.value)
  if (errors.length > 0) return refuse({ reason: 'request_invalid', errors })
  const { id } = header.value.issuer
  const importId = needs.random.uuid()
  if ((await needs.issuers.beginImport(id, importId)) === 'exists') {
    return refuse({ reason: 'instance_exists' })
  }
  try {
    const imported = await importRest(needs, header.value, importId, { reader, running, changeOf })
    if (!imported.ok) await needs.issuers.abandonImport(id, importId)
    return imported
  } catch (fault) {
    await needs.issuers.abandonImport(id, importId)
    throw fault
  }
}

interface File {
  readonly reader: AsyncIterator<Line>
  readonly running: ReturnType<Ports['digest']['running']>
  readonly changeOf: ImportChange
}

async function importRest(
  needs: Needs,
  { issuer }: ArchiveHeader,
  importId: string,
  { reader, running, changeOf }: File,
): Promise<Result<ImportedIssuer, ImportRefusal>> {
  const { id, did } = issuer
  let [count, kind, head, records] = [1, 0, GENESIS, 0]
  let [chunk, characters]: [ArchiveRow[], number] = [[], 0]
  const invalid = (detail: string) =>
    refuse({ reason: 'archive_invalid' as const, line: count, detail })
  const hashOf = (text: string) => encodeBase64url(needs.digest.sha256(utf8(text)))
  const store = async () => {
    const stored = await needs.issuers.importRows(id, importId, chunk)
    chunk = []
    characters = 0
    return stored
  }
  for (;;) {
    const fileDigest = running.soFar()
    const line = await nextLine(reader, running)
    if (!line.ok) return line
    count++
    if (kindOf(line.value) === 'end') {
      const end = readEnd(line.value)
      const isWhole =
        end.ok && end.value.lines === count - 1 && end.value.sha256 === encodeBase64url(fileDigest)
      if (!isWhole) return invalid('the lines before are not those that were exported')
      if ((await reader.next()).done !== true)
        return invalid('there must be nothing behind the end')
      const stored = await store()
      if (stored !== 'added') return stored === 'conflict' ? invalid(CONFLICT) : exists()
      const change = changeOf(fileDigest)
      const registered = await needs.directory.register('issuer', id, change)
      if (!registered.ok) return registered
      const token = newToken(needs, 'issuer', id)
      const counts = await needs.issuers.finishImport(issuer, importId, token.hash, change)
      if (counts === 'conflict') return invalid('status lists and entries do not agree')
      if (counts === 'superseded') return exists()
      needs.events.instanceChanged({ kind: 'issuer', id, action: 'created' })
      const { credentials, statusLists } = counts
      return ok({ id, did, token: token.text, credentials, statusLists, audit: { records, head } })
    }
    const row = readRow(line.value)
    if (!row.ok) {
      const [fault] = row.refusal
      return invalid(`${fault?.pointer ?? ''} ${fault?.detail ?? ''}`.trim())
    }
    const at = ARCHIVE_KINDS.indexOf(row.value.kind)
    if (at < kind) return invalid('the kinds of rows are not in their order')
    kind = at
    if (row.value.kind === 'audit') {
      const broken = firstBrokenLink([row.value], { sequence: records, hash: head }, hashOf)
      if (broken !== undefined) return invalid('the audit chain is broken')
      records++
      head = row.value.hash
    }
    if (row.value.kind === 'schema' && !isSound(needs, id, row.value, hashOf)) {
      return invalid('the schema is none that could be registered')
    }
    chunk.push(row.value)
    characters += JSON.stringify(line.value).length
    if (chunk.length < MAX_IMPORT_CHUNK_ROWS && characters < MAX_PAGE_CHARACTERS) continue
    const stored = await store()
    if (stored !== 'added') return stored === 'conflict' ? invalid(CONFLICT) : exists()
  }
}

const CONFLICT = 'this line, or one shortly before, does not go with those before it'

const exists = () => refuse({ reason: 'instance_exists' as const })

async function nextLine(
  reader: AsyncIterator<Line>,
  running: File['running'],
): Promise<Result<Json, ImportRefusal>> {
  const next = await reader.next()
  if (next.done === true) return refuse({ reason: 'body_incomplete' })
  const line = next.value
  if (!line.ok) return line
  running.add(line.value)
  running.add(LINE_END)
  return parseStrictJson(line.value)
}

const LINE_END = new Uint8Array([0x0a])

/** What this deployment has against the issuer: a key that is missing or another one, or its DID. */
function headerFaults({ publicUrl, signer }: Needs, header: ArchiveHeader): readonly Fault[] {
  const { issuer, publicKeys, at: exportedAt } = header
  const keys = issuer.keys.flatMap((own, at) => {
    const { kid, withdrawn } = own
    const pointer = `/issuer/keys/${String(at)}/kid`
    const key = signer.keys.find((one) => one.kid === kid)
    const exported = Object.hasOwn(publicKeys, kid) ? publicKeys[kid] : undefined
    // A key of the past signs nothing, and was in no document of its former home any more.
    const isPast = withdrawn !== undefined || replacedAt(own, issuer.keys, exportedAt) !== undefined
    if (isPast && exported === undefined) return []
    if (key === undefined) return [{ pointer, detail: `the key ${kid} is not in SIGNING_KEYS` }]
    return exported === undefined ||
      canonicalJson(exported) === canonicalJson({ ...key.publicKeyJwk })
      ? []
      : [{ pointer, detail: `the key ${kid} in SIGNING_KEYS is another one` }]
  })
  const isForeign =
    hostedInstance(publicUrl, issuer.did) !== undefined &&
    issuer.did !== hostedDid(publicUrl, 'issuer', issuer.id)
  return isForeign
    ? [...keys, { pointer: '/issuer/did', detail: 'belongs to another instance of this service' }]
    : keys
}

/** True for a schema as it would be registered here, but for an `$id`, which names its former home. */
function isSound(
  { publicUrl }: Needs,
  id: InstanceId,
  { type, text, digest }: Extract<ArchiveRow, { kind: 'schema' }>,
  hashOf: (text: string) => string,
): boolean {
  const schema = parseStrictJsonText(text)
  if (!schema.ok || !isJsonObject(schema.value)) return false
  const { $id } = schema.value
  const home = typeof $id === 'string' && URL.canParse($id) ? $id : schemaUrl(publicUrl, id, type)
  return (
    isTypeName(type) &&
    !isReservedType(type) &&
    hashOf(text) === digest &&
    schemaFaults(schema.value, home).length === 0
  )
}
