import { createHash, randomInt, randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { at, textAt } from '../demo/http.ts'
import { conclude, provedService } from './proving.ts'
import {
  aSeller,
  presentation,
  statement,
  storedRegistrations,
  type Applicant,
} from './registering.ts'

/**
 * Applicants register while the service is killed with SIGKILL at a random moment, round after round over
 * the same state, on plain workerd. After each kill the store is read from its file: there is no client
 * without its decision, no decision without the evidence that its digest names, and neither without its
 * row in the change feed and its audit record; nothing that was acknowledged is missing. What a kill cut
 * off is sent again under its `Idempotency-Key`, and accepted: no challenge and no software statement was
 * burnt. Prints its figures as JSON; exits 1 when one is wrong.
 */
const { values } = parseArgs({
  options: {
    registrations: { type: 'string', default: '500' },
    clients: { type: 'string', default: '8' },
    milliseconds: { type: 'string', default: '700' },
  },
})
const [wanted, clients, longest] = [values.registrations, values.clients, values.milliseconds].map(
  Number,
) as [number, number, number]

const proved = await provedService({})
let service = await proved.start()
const seller = await aSeller(proved)
const acknowledged = new Map<string, string>()
/** What was sent, by its key, and got no answer. */
let open = new Map<string, { readonly applicant: Applicant; readonly body: object }>()
let [killed, cut, refused, mended] = [0, 0, 0, 0]
// Whatever keeps the first from registering is no accident of a kill.
await register(await seller.applicant())
if (acknowledged.size === 0) throw new Error('nobody can register')
let [withoutDecision, withoutEvidence, withoutFeed, withoutAudit, lost] = [0, 0, 0, 0, 0]

/** Kills after which at least one must have cut a registration off. */
const MOST_KILLS = 50
while (acknowledged.size < wanted || (mended === 0 && killed < MOST_KILLS)) {
  let running = true
  const before = acknowledged.size
  let begun = (): void => undefined
  const answers = new Promise<void>((resolve) => {
    begun = resolve
  })
  const work = Array.from({ length: clients }, async () => {
    while (running) {
      try {
        await register(await seller.applicant())
        if (acknowledged.size > before) begun()
      } catch {
        cut++
      }
    }
  })
  await answers
  await new Promise((resolve) => setTimeout(resolve, randomInt(longest)))
  await service.kill()
  killed++
  running = false
  await Promise.all(work)
  inspect()
  service = await proved.start()
  const unanswered = open
  open = new Map()
  for (const [key, { applicant, body }] of unanswered) mended += await send(applicant, body, key)
  process.stderr.write(`${String(acknowledged.size)} registered, ${String(killed)} times killed\n`)
}
await service.stop()
inspect()
const { clients: stored, decisions } = storedRegistrations(proved.dataDir)
proved.forget()
conclude(
  {
    acknowledged: acknowledged.size,
    killed,
    cut,
    mended,
    clients: stored.length,
    decisions: decisions.length,
  },
  {
    withoutDecision,
    withoutEvidence,
    withoutFeed,
    withoutAudit,
    lost,
    refused,
    neverCut: cut > 0 ? 0 : 1,
    neverMended: mended > 0 ? 0 : 1,
    unmended: open.size,
  },
)

async function register(applicant: Applicant): Promise<void> {
  const challenge = await seller.challenge()
  const sent = {
    presentation: presentation(applicant, challenge),
    software_statement: statement(applicant),
  }
  await send(applicant, sent, randomUUID())
}

/** 1 for what was accepted. */
async function send(applicant: Applicant, sent: object, key: string): Promise<0 | 1> {
  open.set(key, { applicant, body: sent })
  const { status, body } = await seller.register(sent, key)
  open.delete(key)
  if (status === 201) acknowledged.set(applicant.did, textAt(body, 'decisionId'))
  else if (at(body, 'outcome') === 'refused') refused++
  return status === 201 ? 1 : 0
}

/** Counts what must not be. */
function inspect(): void {
  const { clients: rows, decisions: kept, changes, audited } = storedRegistrations(proved.dataDir)
  const byId = new Map(kept.map((decision) => [decision.id, decision]))
  const [fed, written] = [
    new Set(changes.map(({ id }) => id)),
    new Set(audited.map(({ id }) => id)),
  ]
  const known = new Set(rows.map(({ id }) => id))
  for (const { id, decision } of rows) {
    if (!byId.has(decision)) withoutDecision++
    if (!fed.has(id)) withoutFeed++
    if (!written.has(decision)) withoutAudit++
  }
  for (const { digest, evidence, receipt } of kept) {
    const real = createHash('sha256').update(evidence).digest('base64url')
    if (evidence === '' || real !== digest || receipt === '') withoutEvidence++
  }
  lost += [...acknowledged].filter(([did, id]) => !known.has(did) || !byId.has(id)).length
}
