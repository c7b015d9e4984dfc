import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { at, textAt, type Json } from '../demo/http.ts'
import {
  auditBroken,
  createIssuer,
  draft,
  listsOf,
  placesOf,
  post,
  published,
  statusOf,
  type Form,
  type Place,
} from './issuer.ts'
import { conclude, inParallel, provedService } from './proving.ts'

/**
 * Goal G2: many callers revoke at once, over several lists, while those lists are fetched all along in
 * both forms. What was acknowledged before a list was asked for is set in it; what nobody has asked to
 * revoke by the time it is there is not; nothing that was set once is ever clear again. Also after
 * `kill -9`. Prints its figures as JSON; exits 1 when one is wrong.
 */
const { values } = parseArgs({
  options: {
    revocations: { type: 'string', default: '10000' },
    parallel: { type: 'string', default: '64' },
    lists: { type: 'string', default: '8' },
  },
})
const [count, parallel, listCount] = [values.revocations, values.parallel, values.lists].map(
  Number,
) as [number, number, number]

/** Credentials that stay as they are, for each five that are revoked: the control. */
const issuedCount = Math.ceil((count * 8) / 5 / listCount) * listCount
const BATCH = 200

const proved = await provedService({ STATUS_LIST_THRESHOLD: String(issuedCount / listCount) })
let service = await proved.start()
const issuer = await createIssuer(proved, 'revoking')
const placed = new Map<string, Place>()
await inParallel(
  'batches issued',
  { count: Math.ceil(issuedCount / BATCH), parallel: 4 },
  async (number) => {
    const names = Array.from(
      { length: Math.min(BATCH, issuedCount - number * BATCH) },
      () => `urn:uuid:${crypto.randomUUID()}`,
    )
    const credentials = names.map((name) => draft(name, ['revocation']))
    const { body } = await post(issuer, '/credentials/issue-batch', { credentials })
    const items = at(body, 'items') as readonly Json[]
    for (const [position, name] of names.entries()) {
      const envelope = textAt(items[position], 'verifiableCredential', 'id')
      const [place] = placesOf(envelope.split(',')[1] ?? '')
      if (place !== undefined) placed.set(name, place)
    }
  },
)

const lists = await listsOf(issuer)
const wanted = shuffled([...placed.keys()]).slice(0, count)
/** Indexes by list: asked to be revoked, and acknowledged as revoked, in the order of the events. */
const [asked, acknowledged] = [emptyLists(), emptyLists()]
const wrong = { lost: 0, strange: 0, undone: 0, formsApart: 0 }
let [publications, revoking] = [0, true]

const watching = (['vc+jwt', 'statuslist+jwt'] as const).map(async (form) => {
  const before = new Map<string, Uint8Array>()
  while (revoking) {
    for (const list of lists) {
      const bits = await watch(list, form)
      wrong.undone += goneFrom(before.get(list), bits)
      before.set(list, bits)
      publications++
    }
  }
})
await inParallel('revoked', { count: wanted.length, parallel }, async (number) => {
  const name = wanted[number] ?? ''
  const { list, index } = placed.get(name) ?? { list: '', index: -1 }
  asked.get(list)?.push(index)
  const { status } = await post(issuer, '/credentials/status', statusOf(name, 'revocation', true))
  if (status !== 200) throw new Error(`revoke answered ${String(status)}`)
  acknowledged.get(list)?.push(index)
})
revoking = false
await Promise.all(watching)

const last = new Map<string, Uint8Array>()
for (const list of lists) last.set(list, await bothForms(list))
await service.kill()
service = await proved.start()
for (const list of lists) wrong.undone += goneFrom(last.get(list), await bothForms(list))
const broken = await auditBroken(issuer)
await service.stop()
proved.forget()

conclude(
  {
    issued: placed.size,
    revocations: wanted.length,
    lists: lists.length,
    publications,
    bitsSet: [...last.values()].reduce((sum, bits) => sum + bits.filter(Boolean).length, 0),
  },
  { ...wrong, listsTooMany: Math.abs(lists.length - listCount), auditBroken: broken },
)

function emptyLists(): ReadonlyMap<string, number[]> {
  return new Map(lists.map((list) => [list, []]))
}

/** Fetches a list and holds it against what happened before it was asked for, and until it was there. */
async function watch(list: string, form: Form): Promise<Uint8Array> {
  const mustBe = [...(acknowledged.get(list) ?? [])]
  const bits = await published(issuer, list, form)
  const mayBe = new Set(asked.get(list))
  wrong.lost += mustBe.filter((index) => bits[index] !== 1).length
  bits.forEach((bit, index) => {
    if (bit !== 0 && !mayBe.has(index)) wrong.strange++
  })
  return bits
}

async function bothForms(list: string): Promise<Uint8Array> {
  const [bits, statuses] = [await watch(list, 'vc+jwt'), await watch(list, 'statuslist+jwt')]
  if (bits.length !== statuses.length || bits.some((bit, index) => bit !== statuses[index])) {
    wrong.formsApart++
  }
  return bits
}

/** How many are not set now that were. */
function goneFrom(before: Uint8Array | undefined, now: Uint8Array): number {
  return (before ?? new Uint8Array()).filter((bit, index) => bit !== 0 && now[index] !== bit).length
}

/** Fisher and Yates. */
function shuffled<Value>(values: Value[]): readonly Value[] {
  for (let last = values.length - 1; last > 0; last--) {
    const other = randomInt(last + 1)
    ;[values[last], values[other]] = [values[other] as Value, values[last] as Value]
  }
  return values
}
