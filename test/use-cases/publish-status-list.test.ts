import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { refuse } from '../../src/domain/result.ts'
import { changeCredentialStatus } from '../../src/use-cases/change-credential-status.ts'
import { publishStatusList } from '../../src/use-cases/publish-status-list.ts'
import { aWorld, legalEntity } from '../support/world.ts'

let world: Awaited<ReturnType<typeof aWorld>>
let credentialId: string

beforeAll(async () => {
  world = await aWorld()
  credentialId = (await world.issue({ credential: legalEntity(world.buyer.did) })).stored
    .credentialId
})

const published = async (form: 'vc+jwt' | 'statuslist+jwt' = 'vc+jwt') => {
  const list = await publishStatusList(
    world.ports,
    world.registrar,
    'revocation-1',
    form,
    undefined,
  )
  if (!list.ok) throw new Error(list.refusal.reason)
  return list.value
}

describe('publishStatusList', () => {
  it('S17: is the same list within its ttl, and another after it', async () => {
    const first = await published()
    world.pass(59)
    expect(await published()).toBe(first)
    world.pass(1)
    expect(await published()).not.toBe(first)
  })

  it('S17: shows a change at once, ttl or not', async () => {
    const first = await published()
    const wanted = { purpose: 'revocation', status: true, credentialId } as const
    await changeCredentialStatus(world.ports, world.registrar, wanted, world.change())
    expect(await published()).not.toBe(first)
  })

  it.each(['vc+jwt', 'statuslist+jwt'] as const)(
    'H11: reads the entries of a version once, whoever asks and for how long, as %s',
    async (form) => {
      const own = await aWorld()
      const { stored } = await own.issue({ credential: legalEntity(own.buyer.did) })
      let reads = 0
      const statusList: typeof own.ports.issuers.statusList = (...asked) => {
        reads++
        return own.ports.issuers.statusList(...asked)
      }
      const ports = { ...own.ports, issuers: { ...own.ports.issuers, statusList } }
      const seen = new Set<string>()
      const ask = async () => {
        const list = await publishStatusList(ports, own.registrar, 'revocation-1', form, undefined)
        seen.add(list.ok ? list.value : list.refusal.reason)
        return [seen.size, reads]
      }
      expect(await ask()).toEqual([1, 1])
      expect(await ask()).toEqual([1, 1])
      own.pass(60)
      expect(await ask()).toEqual([2, 1])
      const { credentialId } = stored
      const wanted = { purpose: 'revocation', status: true, credentialId } as const
      await changeCredentialStatus(ports, own.registrar, wanted, own.change())
      expect(await ask()).toEqual([3, 2])
      expect(await ask()).toEqual([3, 2])
    },
  )

  it('S14: outlives its ttl by far, in both forms alike', async () => {
    const { credentialSubject, validFrom, validUntil } = decodeJwt(await published())
    const { ttl, iat, exp } = decodeJwt(await published('statuslist+jwt'))
    expect(ttl).toBe(60)
    expect(credentialSubject).toMatchObject({ ttl: 60_000, statusPurpose: 'revocation' })
    expect((exp ?? 0) - (iat ?? 0)).toBe(86_400)
    expect(Date.parse(String(validUntil)) - Date.parse(String(validFrom))).toBe(86_400_000)
  })

  it('knows no list that nobody is in', async () => {
    const { ports, registrar } = world
    expect(await publishStatusList(ports, registrar, 'revocation-2', 'vc+jwt', undefined)).toEqual(
      refuse({ reason: 'not_found' }),
    )
  })
})
