import { getListFromStatusListJWT } from '@sd-jwt/jwt-status-list'
import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { isolateRateLimiter } from '../../src/adapters/system/rate-limiter.ts'
import { createApp } from '../../src/app.ts'
import { utf8 } from '../../src/domain/base64url.ts'
import { STATUS_LIST_LIFETIME_SECONDS, STATUS_LIST_TTL_SECONDS } from '../../src/domain/limits.ts'
import { dateTimeStamp, later } from '../../src/domain/time.ts'
import { aWorld, legalEntity, NOW } from '../support/world.ts'

const TOKEN_LIST = 'application/statuslist+jwt'
const BITSTRING_LIST = 'application/vc+jwt'

let world: Awaited<ReturnType<typeof aWorld>>
let [name, index] = ['', 0]

beforeEach(async () => {
  world = await aWorld()
  const { stored } = await world.issue({ credential: legalEntity(world.buyer.did) })
  name = stored.credentialId
  index = stored.allocations[0]?.index ?? 0
})

const ask = (query: string, accept = TOKEN_LIST, headers: Readonly<Record<string, string>> = {}) =>
  Promise.resolve(
    createApp(world.ports, {
      adminTokenHash: world.ports.digest.sha256(utf8('admin')),
      clientIpHeader: undefined,
    }).request(`https://trust.example/issuers/registrar/status-lists/revocation-1${query}`, {
      headers: { Accept: accept, ...headers },
    }),
  )
const refusedRates = async (queries: readonly string[]) => {
  const { ports } = world
  const limited = {
    ...world,
    ports: { ...ports, rateLimiter: isolateRateLimiter(25, ports.clock) },
  }
  world = limited
  const answers: number[] = []
  for (const query of queries) answers.push((await ask(query)).status)
  return answers.map((status) => status === 429)
}
const revoke = () =>
  world.ports.issuers.changeStatus(
    world.registrar.id,
    name,
    { purpose: 'revocation', status: true },
    world.change(),
  )
const statusIn = async (answer: Response) =>
  getListFromStatusListJWT(await answer.text()).getStatus(index)
const agesOf = async (answer: Response) => {
  const { iat, exp, validFrom, validUntil, ttl, credentialSubject } = decodeJwt(await answer.text())
  const seconds = (text: unknown) => Date.parse(String(text)) / 1000
  const subject = { ...(credentialSubject ?? {}) } as { readonly ttl?: number }
  return iat === undefined
    ? { from: seconds(validFrom), until: seconds(validUntil), ttl: (subject.ttl ?? 0) / 1000 }
    : { from: iat, until: exp ?? 0, ttl: Number(ttl) }
}
const maxAge = (answer: Response) =>
  Number(/max-age=(\d+)/.exec(answer.headers.get('Cache-Control') ?? '')?.[1])

describe('H11: whoever reads the past of a list', () => {
  it('is counted for what it costs, and whoever reads it as it is now for one', async () => {
    const then = `?time=${String(NOW)}`
    expect(await refusedRates([then, then, then, then, ''])).toEqual([
      ...[false, false, false, true, true],
    ])
    world.pass(60)
    expect(await refusedRates(Array.from({ length: 26 }, () => ''))).toEqual([
      ...Array.from({ length: 25 }, () => false),
      true,
    ])
  })
})

describe('a status list as it is now', () => {
  it.each([TOKEN_LIST, BITSTRING_LIST])(
    'S14: is fresh at the first read after days without any traffic: %s',
    async (accept) => {
      await ask('', accept)
      world.pass(3 * STATUS_LIST_LIFETIME_SECONDS + 17)
      const now = world.ports.clock.now()
      const { from, until } = await agesOf(await ask('', accept))
      expect(from).toBeLessThanOrEqual(now)
      expect(from).toBeGreaterThan(now - STATUS_LIST_TTL_SECONDS)
      expect(until).toBe(from + STATUS_LIST_LIFETIME_SECONDS)
    },
  )

  it('S17: says the same of its age in both forms and in its headers', async () => {
    world.pass(59)
    const [token, bits] = [await ask(''), await ask('', BITSTRING_LIST)]
    const headers = [token, bits].map((answer) => answer.headers.get('Cache-Control'))
    const ages = [await agesOf(token.clone()), await agesOf(bits.clone())]
    expect(ages[0]).toEqual(ages[1])
    expect(ages[0]).toMatchObject({ from: NOW, ttl: STATUS_LIST_TTL_SECONDS })
    expect(new Set(headers).size).toBe(1)
    expect(maxAge(token)).toBeLessThanOrEqual(STATUS_LIST_TTL_SECONDS)
    // A copy that was kept for as long as it may be is still far from its end.
    expect((ages[0]?.until ?? 0) - NOW).toBeGreaterThan(2 * maxAge(token) + STATUS_LIST_TTL_SECONDS)
  })

  it('S17: has the same ETag for the same list, another for another form, and for a change at once', async () => {
    const tag = async (accept?: string) => (await ask('', accept)).headers.get('ETag') ?? ''
    const first = await tag()
    expect(await tag()).toBe(first)
    expect(await tag(BITSTRING_LIST)).not.toBe(first)
    expect((await ask('', TOKEN_LIST, { 'If-None-Match': first })).status).toBe(304)
    await revoke()
    expect((await ask('', TOKEN_LIST, { 'If-None-Match': first })).status).toBe(200)
    expect(await tag()).not.toBe(first)
  })
})

describe('a status list as it was', () => {
  const suspendAndRevoke = async () => {
    world.pass(600)
    await revoke()
    world.pass(2 * STATUS_LIST_LIFETIME_SECONDS)
  }

  it('says what it said then, to the second, with the times of then', async () => {
    await suspendAndRevoke()
    expect(await statusIn(await ask(`?time=${String(NOW + 599)}`))).toBe(0)
    expect(await statusIn(await ask(`?time=${String(NOW + 600)}`))).toBe(1)
    for (const at of [NOW, NOW + 59, NOW + 60, NOW + 601]) {
      const { from, until } = await agesOf(await ask(`?time=${String(at)}`))
      expect([from <= at, at < until, at - from < STATUS_LIST_TTL_SECONDS]).toEqual([
        true,
        true,
        true,
      ])
    }
  })

  it('is what a reader got then, byte for byte, while the key is the same', async () => {
    world.pass(45)
    const then = [await (await ask('')).text(), await (await ask('', BITSTRING_LIST)).text()]
    await suspendAndRevoke()
    const query = `?timestamp=${dateTimeStamp(later(NOW, 45))}`
    expect([
      await (await ask(query)).text(),
      await (await ask(query, BITSTRING_LIST)).text(),
    ]).toEqual(then)
  })

  it('may be kept for an hour once nothing can be added to that moment', async () => {
    world.pass(3_600)
    const at = (ago: number) => ask(`?time=${String(NOW + 3_600 - ago)}`)
    expect([await at(0), await at(60), await at(61), await at(3_600)].map(maxAge)).toEqual([
      60, 60, 3_600, 3_600,
    ])
  })

  it.each([
    ['before its first entry', `?time=${String(NOW - 1)}`, 404],
    ['of its first second', `?time=${String(NOW)}`, 200],
    ['in the future', `?time=${String(NOW + 1)}`, 400],
    ['in no seconds', '?time=2026-01-15T12:00:00Z', 400],
    ['with a sign', `?time=+${String(NOW)}`, 400],
    ['with a fraction', `?time=${String(NOW)}.5`, 400],
    ['of nothing', '?time=', 400],
    ['twice', `?time=${String(NOW)}&time=${String(NOW)}`, 400],
    ['in two ways', `?time=${String(NOW)}&timestamp=2026-01-15T12:00:00Z`, 400],
    ['without a zone', '?timestamp=2026-01-15T12:00:00', 400],
    ['in seconds as a timestamp', `?timestamp=${String(NOW)}`, 400],
    ['in another zone', '?timestamp=2026-01-15T13:00:00%2B01:00', 200],
  ])('asked %s is answered as it must be', async (_, query, status) => {
    expect((await ask(query)).status).toBe(status)
  })
})
