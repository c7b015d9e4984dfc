import { parseArgs } from 'node:util'
import { STATUS_LIST_ENTRIES } from '../../src/domain/limits.ts'
import {
  createIssuer,
  draft,
  listing,
  listsOf,
  placesOf,
  post,
  tokenIn,
  type Place,
} from './issuer.ts'
import { regular, regularities } from './progressions.ts'
import { conclude, inParallel, provedService } from './proving.ts'

/**
 * Goal G3: credentials, each with an entry for revocation and one for suspension, are issued by many
 * callers at once, with lists that take no more than `--threshold` entries. Afterwards no place is
 * taken twice, none lies outside its list, no list holds more than the threshold, and the indexes, in
 * the order in which they were drawn, follow no rule. Prints its figures as JSON; exits 1 when one is
 * wrong.
 */
const { values } = parseArgs({
  options: {
    credentials: { type: 'string', default: '20000' },
    parallel: { type: 'string', default: '64' },
    threshold: { type: 'string', default: '5000' },
  },
})
const [count, parallel, threshold] = [values.credentials, values.parallel, values.threshold].map(
  Number,
) as [number, number, number]

const proved = await provedService({ STATUS_LIST_THRESHOLD: values.threshold })
const service = await proved.start()
const issuer = await createIssuer(proved, 'rolled')
const placed = new Map<string, readonly Place[]>()
const started = performance.now()
await inParallel('issued', { count, parallel }, async () => {
  const name = `urn:uuid:${crypto.randomUUID()}`
  const { status, body } = await post(
    issuer,
    '/credentials/issue',
    draft(name, ['revocation', 'suspension']),
    crypto.randomUUID(),
  )
  if (status !== 201) throw new Error(`issue answered ${String(status)}`)
  placed.set(name, placesOf(tokenIn(body)))
})
const seconds = (performance.now() - started) / 1000

const inOrder = [...(await listing(issuer)).keys()]
const places = inOrder.flatMap((name) => placed.get(name) ?? [])
const lists = Map.groupBy(places, ({ list }) => list)
const indexes = [...lists.values()].map((list) => list.map(({ index }) => index))
const known = await listsOf(issuer)
await service.stop()
proved.forget()

const found = regularities(indexes, STATUS_LIST_ENTRIES)
conclude(
  {
    credentials: inOrder.length,
    perSecond: Math.round(count / seconds),
    lists: lists.size,
    rollOvers: lists.size - 2,
    ...found,
  },
  {
    missing: count - inOrder.length,
    duplicatePlaces:
      places.length - new Set(places.map(({ list, index }) => `${list} ${String(index)}`)).size,
    outOfRange: places.filter(({ index }) => !(index >= 0 && index < STATUS_LIST_ENTRIES)).length,
    overfull: indexes.filter((list) => list.length > threshold).length,
    // Full one after the other: neither too few lists nor too many.
    listsTooMany: Math.abs(lists.size - 2 * Math.ceil(count / threshold)),
    unlisted: known.filter((list) => !lists.has(list)).length + Math.abs(known.length - lists.size),
    regular: regular(found),
  },
)
