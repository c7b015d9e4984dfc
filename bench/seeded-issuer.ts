import { createHash, createPrivateKey, randomBytes, randomInt, randomUUID, sign } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ARCHIVE_TYP, sealClaimsOf } from '../src/domain/archive/archive-seal.ts'
import { auditInput, GENESIS } from '../src/domain/audit/audit-record.ts'
import { STATUS_LIST_ENTRIES, STATUS_LIST_FILL } from '../src/domain/limits.ts'
import { epochSeconds } from '../src/domain/time.ts'
import type { Stage } from './scenario.ts'

const KEY = 'dev-ed25519'
const ACTOR = 'bench'
/** Lines that are handed on together, and rows after which progress is shown. */
const [LINES_AT_ONCE, SHOWN_EVERY] = [500, 100_000]
const LIST_FILL = Math.floor(STATUS_LIST_ENTRIES * STATUS_LIST_FILL)

/** An issuer that has issued `credentials` credentials, moved in from an export that is made up here. */
export async function seededIssuer(
  stage: Stage,
  id: string,
  credentials: number,
): Promise<{ readonly did: string; readonly token: string }> {
  const did = `did:web:${new URL(stage.url).host.replace(':', '%3A')}:issuers:${id}`
  const call = request(`${stage.url}/admin/issuers/import`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-ndjson',
      Authorization: `Bearer ${stage.adminToken}`,
    },
  })
  const answered = once(call, 'response')
  const lines = Readable.from(exported(stage, id, did, credentials))
  await Promise.race([pipeline(lines, call), answered])
  const [answer] = (await answered) as [Readable & { readonly statusCode: number }]
  const text = Buffer.concat(await answer.toArray()).toString()
  if (answer.statusCode !== 201) throw new Error(`the import answered ${text}`)
  return JSON.parse(text) as { did: string; token: string }
}

/** An export, in pieces: header, credentials, status lists, audit chain, end. */
function* exported(
  { url, signingKeys }: Stage,
  id: string,
  did: string,
  credentials: number,
): Generator<string, void> {
  const digest = createHash('sha256')
  const at = Math.floor(Date.now() / 1000)
  let [lines, piece, count] = ['', '', 0]
  for (const row of rows(url, id, did, credentials, at)) {
    piece += `${JSON.stringify(row)}\n`
    if (++count % SHOWN_EVERY === 0) {
      process.stderr.write(`${id}: ${count} of ${2 * credentials} rows seeded\n`)
    }
    if (count % LINES_AT_ONCE !== 0) continue
    digest.update(piece)
    ;[lines, piece] = [piece, '']
    yield lines
  }
  digest.update(piece)
  const of = { lines: count, sha256: digest.digest('base64url') }
  const claims = sealClaimsOf({
    kind: 'issuer',
    instance: { id, did },
    at: epochSeconds(at),
    ...of,
  })
  const end = { kind: 'end', ...of, seal: sealed(signingKeys, claims) }
  yield `${piece}${JSON.stringify(end)}\n`
}

/** The seal that the service would write. */
function sealed(signingKeys: string, claims: object): string {
  const { keys } = JSON.parse(signingKeys) as {
    keys: { readonly kty: string; readonly kid: string }[]
  }
  const key = keys.find(({ kid }) => kid === KEY)
  if (key === undefined) throw new Error('the service has no such key')
  const input = [{ alg: 'EdDSA', typ: ARCHIVE_TYP, kid: KEY }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const signature = sign(null, Buffer.from(input), createPrivateKey({ key, format: 'jwk' }))
  return `${input}.${signature.toString('base64url')}`
}

function* rows(
  url: string,
  id: string,
  did: string,
  credentials: number,
  at: number,
): Generator<object, void> {
  const keys = [{ kid: KEY, verificationMethod: `${did}#${KEY}` }]
  const issuer = { id, name: 'Example', did, keys, securing: 'vc+jwt', createdAt: at }
  yield { kind: 'header', format: 1, issuer, publicKeys: {}, at }
  const lists: { readonly id: string; readonly taken: Set<number> }[] = []
  for (let sequence = 1; sequence <= credentials; sequence++) {
    if (sequence % LIST_FILL === 1) {
      lists.push({ id: `revocation-${lists.length + 1}`, taken: new Set() })
    }
    yield credentialRow(`${url}/issuers/${id}/credentials`, did, sequence, at, place(lists.at(-1)))
  }
  for (const list of lists) {
    const taken = list.taken.size
    yield { kind: 'status_list', id: list.id, purpose: 'revocation', taken, version: 1 }
  }
  yield* auditChain(credentials, at)
}

/** A free place in a list. */
function place(list: { readonly id: string; readonly taken: Set<number> } | undefined) {
  if (list === undefined) throw new Error('no list is open')
  for (;;) {
    const index = randomInt(STATUS_LIST_ENTRIES)
    if (list.taken.has(index)) continue
    list.taken.add(index)
    return { purpose: 'revocation', listId: list.id, index }
  }
}

function credentialRow(url: string, did: string, sequence: number, at: number, allocation: object) {
  const cid = randomUUID()
  const [types, subject] = [['VerifiableCredential'], `did:web:buyer-${sequence}.example`]
  const draft = {
    id: `${url}/${cid}`,
    type: types,
    issuer: did,
    credentialSubject: { id: subject },
  }
  const payload = Buffer.from(JSON.stringify(draft)).toString('base64url')
  return {
    kind: 'credential',
    ...{ sequence, cid, credentialId: draft.id, alias: null, format: 'vc+jwt', types, subject },
    ...{ validFrom: at, validUntil: null, reservedAt: at, draft },
    token: `eyJhbGciOiJFZERTQSJ9.${payload}.${randomBytes(64).toString('base64url')}`,
    ...{ revoked: false, suspended: false, allocations: [allocation] },
  }
}

function* auditChain(records: number, at: number): Generator<object, void> {
  let previous = GENESIS
  for (let sequence = 1; sequence <= records; sequence++) {
    const link = {
      ...{ sequence, at: at as never, actor: ACTOR, action: 'credential.reserve' },
      ...{ detail: { subject: `did:web:buyer-${sequence}.example` }, previous },
    }
    previous = createHash('sha256').update(auditInput(link)).digest('base64url')
    yield { kind: 'audit', ...link, hash: previous }
  }
}
