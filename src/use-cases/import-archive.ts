import type { AuditRow } from '../domain/archive/archive-row.ts'
import { archiveKey, sealClaimsOf, type SealedArchive } from '../domain/archive/archive-seal.ts'
import { kindOf, readEnd, type ArchiveHeader } from '../domain/archive/read-archive-line.ts'
import { firstBrokenLink, GENESIS } from '../domain/audit/audit-record.ts'
import { encodeBase64url, utf8 } from '../domain/base64url.ts'
import type { Did } from '../domain/did/did.ts'
import type { Fault } from '../domain/fault.ts'
import {
  hostedDid,
  hostedInstance,
  type InstanceId,
  type InstanceKey,
  type InstanceKind,
  type Issuer,
} from '../domain/instance/instance.ts'
import { replacedAt } from '../domain/instance/key-schedule.ts'
import { readCompactJws } from '../domain/jws.ts'
import { canonicalJson } from '../domain/json/canonical.ts'
import { parseStrictJson, type Json, type JsonRefusal } from '../domain/json/strict-json.ts'
import { MAX_IMPORT_CHUNK_ROWS, MAX_PAGE_CHARACTERS } from '../domain/limits.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import type { Change } from '../ports/change.ts'
import type { Ports } from '../ports/index.ts'
import type { InstanceImports } from '../ports/instance-imports.ts'
import { newToken } from './create-instance.ts'

type Needs = Pick<
  Ports,
  'digest' | 'directory' | 'events' | 'publicUrl' | 'random' | 'signatureVerifier' | 'signer'
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
  /** By a key that signs for the instance: one of an older release, or of somebody else. */
  | { readonly reason: 'archive_not_signed' }
  | { readonly reason: 'instance_exists' | 'idempotency_key_reused' }

export interface Imported<Counts> {
  readonly id: InstanceId
  readonly did: Did
  /** Shown this once; only its hash is stored. */
  readonly token: string
  readonly counts: Counts
  /** Records of the chain that came with the file, and the hash of the last of them. */
  readonly audit: { readonly records: number; readonly head: string }
}

/** A row of any kind; records of the audit chain are of one kind everywhere. */
type AnyRow = { readonly kind: string } | AuditRow

/** What differs between kinds of instances. */
export interface ImportRoom<Instance extends Owned, Row extends AnyRow, Counts> {
  readonly kind: InstanceKind
  /** In the order of an export. */
  readonly kinds: readonly Row['kind'][]
  readonly store: InstanceImports<Instance, Row, Counts>
  readHeader(line: Json): Result<ArchiveHeader<Instance>, readonly Fault[]>
  readRow(line: Json): Result<Row, readonly Fault[]>
  /** What is wrong with a row that its form does not tell. */
  rowFault(row: Row, instance: Instance, hashOf: (text: string) => string): string | undefined
}

type Owned = Pick<Issuer, 'id' | 'did' | 'keys'>

/**
 * Takes an instance over from its export, as it was, with a token of its own. Refused when the deployment
 * lacks one of its keys or has an instance of its name, and when the file is not, to the byte, what an
 * export wrote and the instance's key signed: then nothing of it is ever visible.
 */
export async function importArchive<Instance extends Owned, Row extends AnyRow, Counts>(
  needs: Needs,
  room: ImportRoom<Instance, Row, Counts>,
  lines: AsyncIterable<Line>,
  changeOf: ImportChange,
): Promise<Result<Imported<Counts>, ImportRefusal>> {
  const reader = lines[Symbol.asyncIterator]()
  const running = needs.digest.running()
  const first = await nextLine(reader, running)
  if (!first.ok) return first
  const header = room.readHeader(first.value)
  if (!header.ok) return refuse({ reason: 'request_invalid', errors: header.refusal })
  const errors = headerFaults(needs, room.kind, header.value)
  if (errors.length > 0) return refuse({ reason: 'request_invalid', errors })
  const { id } = header.value.instance
  const importId = needs.random.uuid()
  if ((await room.store.beginImport(id, importId)) === 'exists') {
    return refuse({ reason: 'instance_exists' })
  }
  try {
    const file = { reader, running, changeOf }
    const imported = await importRest(needs, room, header.value, importId, file)
    if (!imported.ok) await room.store.abandonImport(id, importId)
    return imported
  } catch (fault) {
    await room.store.abandonImport(id, importId)
    throw fault
  }
}

interface File {
  readonly reader: AsyncIterator<Line>
  readonly running: ReturnType<Ports['digest']['running']>
  readonly changeOf: ImportChange
}

async function importRest<Instance extends Owned, Row extends AnyRow, Counts>(
  needs: Needs,
  room: ImportRoom<Instance, Row, Counts>,
  { instance, at }: ArchiveHeader<Instance>,
  importId: string,
  { reader, running, changeOf }: File,
): Promise<Result<Imported<Counts>, ImportRefusal>> {
  const { id, did } = instance
  let [count, kind, head, records] = [1, 0, GENESIS, 0]
  let [chunk, characters]: [Row[], number] = [[], 0]
  const invalid = (detail: string) =>
    refuse({ reason: 'archive_invalid' as const, line: count, detail })
  const hashOf = (text: string) => encodeBase64url(needs.digest.sha256(utf8(text)))
  const store = async () => {
    const stored = await room.store.importRows(id, importId, chunk)
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
      const sealed = { ...end.value, kind: room.kind, instance, at }
      if (!(await isSealed(needs, sealed, instance.keys)))
        return refuse({ reason: 'archive_not_signed' })
      if ((await reader.next()).done !== true)
        return invalid('there must be nothing behind the end')
      const stored = await store()
      if (stored !== 'added') return stored === 'conflict' ? invalid(CONFLICT) : exists()
      const change = changeOf(fileDigest)
      const registered = await needs.directory.register(room.kind, id, change)
      if (!registered.ok) return registered
      const token = newToken(needs, room.kind, id)
      const counts = await room.store.finishImport(instance, importId, token.hash, change)
      if (counts === 'conflict') return invalid('the rows do not agree with one another')
      if (counts === 'superseded') return exists()
      needs.events.instanceChanged({ kind: room.kind, id, action: 'created' })
      return ok({ id, did, token: token.text, counts, audit: { records, head } })
    }
    const row = room.readRow(line.value)
    if (!row.ok) {
      const [fault] = row.refusal
      return invalid(`${fault?.pointer ?? ''} ${fault?.detail ?? ''}`.trim())
    }
    const kindAt = room.kinds.indexOf(row.value.kind)
    if (kindAt < kind) return invalid('the kinds of rows are not in their order')
    kind = kindAt
    if (isAudit(row.value)) {
      const broken = firstBrokenLink([row.value], { sequence: records, hash: head }, hashOf)
      if (broken !== undefined) return invalid('the audit chain is broken')
      records++
      head = row.value.hash
    }
    const fault = room.rowFault(row.value, instance, hashOf)
    if (fault !== undefined) return invalid(fault)
    chunk.push(row.value)
    characters += JSON.stringify(line.value).length
    if (chunk.length < MAX_IMPORT_CHUNK_ROWS && characters < MAX_PAGE_CHARACTERS) continue
    const stored = await store()
    if (stored !== 'added') return stored === 'conflict' ? invalid(CONFLICT) : exists()
  }
}

/**
 * True when the key that signed for the instance at the export has signed exactly this file. It is the
 * deployment's own key of that name: what the file says of keys proves nothing.
 */
async function isSealed(
  { signer, signatureVerifier }: Needs,
  { seal, ...archive }: SealedArchive & { readonly seal?: string | undefined },
  keys: readonly InstanceKey[],
): Promise<boolean> {
  const jws = readCompactJws(seal, 'archive-seal')
  if (!jws.ok) return false
  const key = signer.keys.find(({ kid }) => kid === jws.value.kid)
  if (key === undefined || archiveKey(keys, [key], archive.at) !== key.kid) return false
  return (
    canonicalJson(jws.value.payload) === canonicalJson(sealClaimsOf(archive)) &&
    (await signatureVerifier.verify(jws.value, key.publicKeyJwk)).ok
  )
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

const isAudit = (row: AnyRow): row is AuditRow => row.kind === 'audit'

/** What this deployment has against the instance: a key that is missing or another one, or its DID. */
function headerFaults(
  { publicUrl, signer }: Needs,
  kind: InstanceKind,
  header: ArchiveHeader<Owned>,
): readonly Fault[] {
  const { instance, publicKeys, at: exportedAt } = header
  const keys = instance.keys.flatMap((own, at) => {
    const { kid, withdrawn, verificationMethod } = own
    const pointer = `/${kind}/keys/${String(at)}/kid`
    if (!verificationMethod.startsWith(`${instance.did}#`))
      return [{ pointer, detail: 'must be a method of the DID' }]
    const key = signer.keys.find((one) => one.kid === kid)
    const exported = Object.hasOwn(publicKeys, kid) ? publicKeys[kid] : undefined
    // A key of the past signs nothing, and was in no document of its former home any more.
    const isPast =
      withdrawn !== undefined || replacedAt(own, instance.keys, exportedAt) !== undefined
    if (isPast && exported === undefined) return []
    if (key === undefined) return [{ pointer, detail: `the key ${kid} is not in SIGNING_KEYS` }]
    return exported === undefined ||
      canonicalJson(exported) === canonicalJson({ ...key.publicKeyJwk })
      ? []
      : [{ pointer, detail: `the key ${kid} in SIGNING_KEYS is another one` }]
  })
  const isForeign =
    hostedInstance(publicUrl, instance.did) !== undefined &&
    instance.did !== hostedDid(publicUrl, kind, instance.id)
  return isForeign
    ? [...keys, { pointer: `/${kind}/did`, detail: 'belongs to another instance of this service' }]
    : keys
}
