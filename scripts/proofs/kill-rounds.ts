import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import {
  auditBroken,
  createIssuer,
  draft,
  listing,
  placesOf,
  post,
  statusOf,
  tokenIn,
} from './issuer.ts'
import { conclude, provedService } from './proving.ts'

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

const proved = await provedService({})
let service = await proved.start()
const issuer = await createIssuer(proved, 'killed')
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
  service = await proved.start()
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
const stored = await listing(issuer)
const places = attempts.flatMap(({ token }) => placesOf(token ?? ''))
const broken = await auditBroken(issuer)
await service.stop()
proved.forget()

conclude(
  {
    killed,
    attempts: attempts.length,
    unansweredAndRetried: unanswered.length,
    revocations: attempts.filter(({ revoked }) => revoked).length,
  },
  {
    roundsMissing: rounds - killed,
    nothingTried: attempts.length > 0 ? 0 : 1,
    lost: attempts.filter(({ name }) => !stored.has(name)).length,
    unknown: stored.size - attempts.length,
    duplicatePlaces:
      places.length - new Set(places.map(({ list, index }) => `${list} ${String(index)}`)).size,
    revocationsLost: attempts.filter(
      ({ name, revoked }) => revoked && stored.get(name) !== 'revoked',
    ).length,
    auditBroken: broken,
  },
)

async function issue({ key, name }: Attempt): Promise<string> {
  const { status, body } = await post(
    issuer,
    '/credentials/issue',
    draft(name, ['revocation']),
    key,
  )
  if (status !== 201) throw new Error(`issue answered ${String(status)}`)
  return tokenIn(body)
}

async function revoke({ name }: Attempt): Promise<void> {
  const { status } = await post(issuer, '/credentials/status', statusOf(name, 'revocation', true))
  if (status !== 200) throw new Error(`revoke answered ${String(status)}`)
}
