import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { decodeJwt } from 'jose'
import { at, call, textAt, type Json } from '../demo/http.ts'
import { freePort } from '../free-port.ts'
import { makeDevelopmentKeys } from '../signing-keys.ts'
import { startService } from '../workerd.ts'

/**
 * Goal G1: clients issue and revoke while the service is killed with SIGKILL at a random moment, round
 * after round over the same state. Afterwards nothing that was acknowledged is missing, no place in a
 * status list is taken twice, and every call that got no answer can be sent again under its
 * `Idempotency-Key` and yields one credential. Prints its figures as JSON; exits 1 when one is not 0.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '20' },
    clients: { type: 'string', default: '16' },
    milliseconds: { type: 'string', default: '1500' },
  },
})
const [rounds, clients, longest] = [values.rounds, values.clients, values.milliseconds].map(
  Number,
) as [number, number, number]

interface Attempt {
  readonly key: string
  readonly name: string
  token?: string
  revoked?: true
}

const ADMIN_TOKEN = crypto.randomUUID()
const [port, dataDir] = [await freePort(), mkdtempSync(join(tmpdir(), 'lso-trust-kill-'))]
const url = `http://localhost:${String(port)}`
const env = {
  PUBLIC_URL: url,
  ADMIN_TOKEN,
  SIGNING_KEYS: JSON.stringify(await makeDevelopmentKeys()),
  RATE_LIMIT: '0',
  LOG_LEVEL: 'silent',
}
const start = () => startService({ port, dataDir, env, output: 'collect' })

let service = await start()
const created = await call('POST', `${url}/admin/issuers`, {
  token: ADMIN_TOKEN,
  body: { id: 'killed', name: 'Example Registrar', keys: ['dev-ed25519'] },
})
const token = textAt(created.body, 'token')
const attempts: Attempt[] = []
let killed = 0

for (let round = 1; round <= rounds; round++) {
  let running = true
  const work = Array.from({ length: clients }, async () => {
    while (running) {
      const attempt: Attempt = { key: crypto.randomUUID(), name: `urn:uuid:${crypto.randomUUID()}` }
      attempts.push(attempt)
      try {
        attempt.token = await issue(attempt)
        if (attempts.length % 3 === 0) {
          await revoke(attempt)
          attempt.revoked = true
        }
      } catch {
        // The connection broke: whether it happened is what is found out below.
      }
    }
  })
  await new Promise((resolve) => setTimeout(resolve, randomInt(longest)))
  await service.kill()
  killed++
  running = false
  await Promise.all(work)
  service = await start()
  const acknowledged = attempts.filter((attempt) => attempt.token !== undefined).length
  process.stderr.write(
    `round ${String(round)} of ${String(rounds)}: ${String(acknowledged)} acknowledged so far\n`,
  )
}

const unanswered = attempts.filter((attempt) => attempt.token === undefined)
for (const attempt of unanswered) attempt.token = await issue(attempt)
for (const attempt of unanswered) {
  if ((await issue(attempt)) !== attempt.token) throw new Error('a key yielded two credentials')
}
const stored = await listing()
const places = attempts.map((attempt) => placeOf(attempt.token ?? ''))
const audit = await call('GET', `${url}/issuers/killed/audit/verify`, { token })
const figures = {
  killed,
  attempts: attempts.length,
  unansweredAndRetried: unanswered.length,
  lost: attempts.filter(({ name }) => !stored.has(name)).length,
  unknown: stored.size - attempts.length,
  duplicatePlaces: places.length - new Set(places).size,
  revocationsLost: attempts.filter(({ name, revoked }) => revoked && stored.get(name) !== 'revoked')
    .length,
  revocations: attempts.filter(({ revoked }) => revoked).length,
  auditBroken: at(audit.body, 'intact') === true ? 0 : 1,
}
process.stdout.write(`${JSON.stringify(figures)}\n`)
const { lost, unknown, duplicatePlaces, revocationsLost, auditBroken } = figures
const wrong = lost + Math.abs(unknown) + duplicatePlaces + revocationsLost + auditBroken
process.exitCode = wrong === 0 && killed === rounds && attempts.length > 0 ? 0 : 1
await service.stop()
rmSync(dataDir, { recursive: true, force: true })

async function issue({ key, name }: Attempt): Promise<string> {
  const response = await fetch(`${url}/issuers/killed/credentials/issue`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': key,
    },
    body: JSON.stringify({
      credential: { id: name, type: ['VerifiableCredential'], credentialSubject: { name } },
    }),
  })
  const body = (await response.json()) as Json
  if (response.status !== 201) throw new Error(`issue answered ${String(response.status)}`)
  return textAt(body, 'verifiableCredential', 'id').split(',')[1] ?? ''
}

async function revoke({ name }: Attempt): Promise<void> {
  const { status } = await call('POST', `${url}/issuers/killed/credentials/status`, {
    token,
    body: {
      credentialId: name,
      credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' },
      status: true,
    },
  })
  if (status !== 200) throw new Error(`revoke answered ${String(status)}`)
}

/** Status of every credential of the issuer, by id. */
async function listing(): Promise<ReadonlyMap<string, Json>> {
  const found = new Map<string, Json>()
  let cursor = ''
  do {
    const page = await call('GET', `${url}/issuers/killed/credentials?limit=1000${cursor}`, {
      token,
    })
    const items = at(page.body, 'items')
    if (!Array.isArray(items)) throw new Error(`the listing answered ${String(page.status)}`)
    for (const item of items as readonly Json[]) found.set(textAt(item, 'id'), at(item, 'status'))
    const next = at(page.body, 'cursor')
    cursor = typeof next === 'string' ? `&cursor=${next}` : ''
  } while (cursor !== '')
  return found
}

function placeOf(credential: string): string {
  const { credentialStatus } = decodeJwt(credential) as { credentialStatus?: Json }
  return `${textAt(credentialStatus, 'statusListCredential')} ${textAt(credentialStatus, 'statusListIndex')}`
}
