import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { at, call, textAt, type Answer } from '../demo/http.ts'
import {
  auditBroken,
  createIssuer,
  draft,
  listing,
  placesOf,
  post,
  published,
  statusOf,
  tokenIn,
} from './issuer.ts'
import { conclude, provedService } from './proving.ts'
import { canLimitFiles, spoilIssuers, STORAGE_FAULTS, WITHOUT_SIGXFSZ } from './storage-fault.ts'

/**
 * Goal G5: clients issue, revoke, verify and read lists while the storage is taken away and given back,
 * round after round, by locks of another process and by files that may not grow, and at last with a
 * database that is none. Nobody is answered 500, each 503 says when to come back, nothing that was
 * revoked verifies, and two seconds after the storage is back all works again. Afterwards nothing that
 * was acknowledged is missing, no place is taken twice, every call without an answer yields its one
 * result under its `Idempotency-Key`, and the audit chain holds. A fault after the commit is that of
 * `kill-rounds.ts`: the answer alone is lost. Prints its figures as JSON; exits 1 when one is wrong.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '24' },
    clients: { type: 'string', default: '16' },
    milliseconds: { type: 'string', default: '1000' },
  },
})
const [rounds, clients, milliseconds] = [values.rounds, values.clients, values.milliseconds].map(
  Number,
) as [number, number, number]
const LONGEST_RECOVERY_MILLISECONDS = 2_000

interface Attempt {
  readonly key: string
  readonly name: string
  token?: string
  /** Under which key its revocation was asked for; `revoked` when that was acknowledged. */
  revocationKey?: string
  revoked?: true
}

const proved = await provedService({})
let service = await proved.start(canLimitFiles() ? WITHOUT_SIGXFSZ : [])
const issuer = await createIssuer(proved, 'faulty')
const verifier = await call('POST', `${proved.url}/admin/verifiers`, {
  token: proved.adminToken,
  body: { id: 'reader', name: 'Example Seller', audience: 'https://as.seller.example.com' },
})
const reader = { url: `${proved.url}/verifiers/reader`, token: textAt(verifier.body, 'token') }

const attempts: Attempt[] = []
const issued: Attempt[] = []
const answers = new Map<number, number>()
const wrong = { answered500: 0, withoutRetryAfter: 0, unexpected: 0, wrongVerdicts: 0, tooSlow: 0 }

/** Counts an answer; true when it is `good`, false for a 503 that says when to come back. */
function counted({ status, headers, body }: Answer, ...good: readonly number[]): boolean {
  answers.set(status, (answers.get(status) ?? 0) + 1)
  if (good.includes(status)) return true
  if (status === 500) wrong.answered500++
  else if (status !== 503) wrong.unexpected++
  else if (headers.get('Retry-After') === null) wrong.withoutRetryAfter++
  if (status !== 503) process.stderr.write(`${String(status)} ${JSON.stringify(body)}\n`)
  return false
}

async function issue(attempt: Attempt): Promise<boolean> {
  const { key, name } = attempt
  const answer = await post(issuer, '/credentials/issue', draft(name, ['revocation']), key)
  if (!counted(answer, 201)) return false
  const token = tokenIn(answer.body)
  if (attempt.token !== undefined && attempt.token !== token) wrong.unexpected++
  if (attempt.token === undefined) issued.push(attempt)
  attempt.token = token
  return true
}

async function revoke(attempt: Attempt): Promise<boolean> {
  const { name } = attempt
  attempt.revocationKey ??= crypto.randomUUID()
  const body = statusOf(name, 'revocation', true)
  const answer = await post(issuer, '/credentials/status', body, attempt.revocationKey)
  if (!counted(answer, 200)) return false
  attempt.revoked = true
  return true
}

async function verify(attempt: Attempt): Promise<boolean> {
  const wasRevoked = attempt.revoked === true
  const answer = await post(reader, '/credentials/verify', { verifiableCredential: attempt.token })
  if (!counted(answer, 200, 400)) return false
  const verdict = at(answer.body, 'verdict')
  if (wasRevoked && verdict === 'valid') wrong.wrongVerdicts++
  if (attempt.revocationKey === undefined && verdict === 'invalid') wrong.wrongVerdicts++
  return verdict !== 'indeterminate'
}

async function readList(): Promise<boolean> {
  const accept = randomInt(2) === 0 ? 'application/vc+jwt' : 'application/statuslist+jwt'
  return counted(await call('GET', `${issuer.url}/status-lists/revocation-1`, { accept }), 200)
}

const newAttempt = (): Attempt => {
  const attempt = { key: crypto.randomUUID(), name: `urn:uuid:${crypto.randomUUID()}` }
  attempts.push(attempt)
  return attempt
}
const anyIssued = (): Attempt => issued[randomInt(issued.length)] ?? newAttempt()

async function one(): Promise<boolean> {
  const dice = randomInt(10)
  if (dice < 4 || issued.length < clients) return issue(newAttempt())
  if (dice < 6) return revoke(anyIssued())
  return dice < 9 ? verify(anyIssued()) : readList()
}

/** Milliseconds until everything works again, in one go. */
async function recovery(): Promise<number> {
  const started = performance.now()
  for (;;) {
    const attempt = newAttempt()
    const works = (await issue(attempt)) && (await revoke(attempt)) && (await verify(attempt))
    if (works && (await readList())) return performance.now() - started
    await sleep(20)
  }
}

let running = true
const load = Array.from({ length: clients }, async () => {
  while (running) if (!(await one())) await sleep(randomInt(200))
})
const kinds = Object.entries(STORAGE_FAULTS)
const felt = new Map<string, { refused: number; slowest: number }>()
const refusedSoFar = (): number => answers.get(503) ?? 0
for (let round = 0; round < rounds; round++) {
  await sleep(milliseconds)
  const [kind, take] = kinds[round % kinds.length] ?? ['', () => () => undefined]
  const before = refusedSoFar()
  const giveBack = take({ pid: service.pid, dataDir: proved.dataDir })
  await sleep(milliseconds)
  giveBack()
  const slow = await recovery()
  if (slow > LONGEST_RECOVERY_MILLISECONDS) wrong.tooSlow++
  const { refused, slowest } = felt.get(kind) ?? { refused: 0, slowest: 0 }
  felt.set(kind, {
    refused: refused + refusedSoFar() - before,
    slowest: Math.max(slowest, Math.round(slow)),
  })
  process.stderr.write(`round ${String(round + 1)} of ${String(rounds)}: ${kind}\n`)
}
running = false
await Promise.all(load)

const unanswered = attempts.filter(({ token }) => token === undefined)
for (const attempt of unanswered) await issue(attempt)
for (const attempt of unanswered) await issue(attempt)
const halfRevoked = attempts.filter(({ revocationKey, revoked }) => revocationKey && !revoked)
for (const attempt of halfRevoked) await revoke(attempt)

const stored = await listing(issuer)
const placed = attempts.map((attempt) => ({ ...attempt, place: placesOf(attempt.token ?? '')[0] }))
const bits = await published(issuer, 'revocation-1', 'vc+jwt')
const statuses = await published(issuer, 'revocation-1', 'statuslist+jwt')
const isRevoked = ({ place }: (typeof placed)[number]): boolean =>
  bits[place?.index ?? -1] === 1 && statuses[place?.index ?? -1] === 1
const broken = await auditBroken(issuer)
await service.stop()

const restore = spoilIssuers(proved.dataDir)
service = await proved.start()
const answeredSpoilt = [await issue(newAttempt()), await verify(anyIssued()), await readList()]
await service.stop()
restore()
service = await proved.start()
const restored = await listing(issuer)
await service.stop()
proved.forget()

conclude(
  {
    calls: [...answers.values()].reduce((sum, number) => sum + number, 0),
    answers: Object.fromEntries(answers),
    issued: placed.length,
    unansweredAndRetried: unanswered.length,
    revocations: placed.filter(({ revoked }) => revoked).length,
    faults: Object.fromEntries(felt),
  },
  {
    ...wrong,
    lost: placed.filter(({ name }) => !stored.has(name)).length,
    unknown: Math.max(0, stored.size - placed.length),
    duplicatePlaces: placed.length - new Set(placed.map(({ place }) => place?.index)).size,
    revocationsLost: placed.filter((one) => one.revoked && !isRevoked(one)).length,
    strangeBits:
      bits.filter(Boolean).length - placed.filter((each) => each.revoked && isRevoked(each)).length,
    auditBroken: broken,
    answeredSpoilt: answeredSpoilt.filter(Boolean).length,
    notRestored: [...stored].filter(([name, status]) => restored.get(name) !== status).length,
    faultsNotFelt: kinds.filter(([kind]) => kind !== 'fewBytesLeft' && !felt.get(kind)?.refused)
      .length,
  },
)
