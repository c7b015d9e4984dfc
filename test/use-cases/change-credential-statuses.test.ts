import { beforeEach, describe, expect, it } from 'vitest'
import {
  changeCredentialStatuses,
  previewCredentialStatuses,
  type ChangeStatuses,
} from '../../src/use-cases/change-credential-statuses.ts'
import { aggregateStatusLists } from '../../src/use-cases/aggregate-status-lists.ts'
import { aWorld, legalEntity } from '../support/world.ts'

let world: Awaited<ReturnType<typeof aWorld>>
beforeEach(async () => {
  world = await aWorld()
})

const select = { credentialIds: undefined, subject: undefined, type: undefined }
const ofBuyer = (): ChangeStatuses => ({
  select: { ...select, subject: world.buyer.did },
  purpose: 'revocation',
  status: true,
})
const change = (wanted: ChangeStatuses, key?: string) =>
  changeCredentialStatuses(world.ports, world.registrar, wanted, {
    ...world.change(),
    mark: key === undefined ? undefined : { key, request: 'one body' },
  })
const issueTwo = async () => [
  (await world.issue({ credential: legalEntity(world.buyer.did) })).stored,
  (await world.issue({ credential: legalEntity(world.buyer.did) })).stored,
]

describe('changeCredentialStatuses', () => {
  it('R4: revokes what the preview said it would', async () => {
    await issueTwo()
    const preview = await previewCredentialStatuses(world.ports, world.registrar, ofBuyer())
    const changed = await change(ofBuyer())
    expect(preview).toMatchObject({
      value: { counts: { change: 2 }, hits: [{ status: 'active' }, {}] },
    })
    if (!preview.ok) throw new Error(preview.refusal.reason)
    const before = preview.value
    expect(changed).toEqual({
      ok: true,
      value: { ...before, hits: before.hits.map((hit) => ({ ...hit, status: 'revoked' })) },
    })
  })

  it('takes the URL of a credential for its name', async () => {
    const [stored] = await issueTwo()
    const url = `https://trust.example/issuers/registrar/credentials/${stored?.cid ?? ''}`
    const credentialIds = [url, 'https://trust.example/issuers/other/credentials/1']
    expect(await change({ ...ofBuyer(), select: { ...select, credentialIds } })).toMatchObject({
      value: { hits: [{ cid: stored?.cid, status: 'revoked' }], unknown: [1] },
    })
  })

  it('H9: reaches no credential of another issuer', async () => {
    const [stored] = await issueTwo()
    const other = await aWorld()
    const wanted = { ...ofBuyer(), select: { ...select, credentialIds: [stored?.cid ?? ''] } }
    expect(
      await changeCredentialStatuses(other.ports, other.registrar, wanted, other.change()),
    ).toMatchObject({ value: { hits: [], unknown: [0] } })
  })

  it('tells each change once, however often it is asked for', async () => {
    const told: string[] = []
    const events = {
      ...world.ports.events,
      statusChanged: ({ status }: { status: string }) => {
        told.push(status)
      },
    }
    world = { ...world, ports: { ...world.ports, events } }
    await issueTwo()
    const first = await change(ofBuyer(), 'key')
    expect(await change(ofBuyer(), 'key')).toEqual(first)
    expect(await change(ofBuyer())).toMatchObject({ value: { counts: { already: 2 } } })
    expect(told).toEqual(['revoked', 'revoked'])
  })

  it('R4: works for a retired issuer too', async () => {
    await issueTwo()
    const { ports, registrar } = world
    await ports.issuers.update(registrar.id, { retiredAt: registrar.createdAt }, world.change())
    expect(await change(ofBuyer())).toMatchObject({ value: { counts: { change: 2 } } })
  })
})

describe('aggregateStatusLists', () => {
  it('R8: names the lists that credentials are in', async () => {
    const { ports, registrar } = world
    expect(await aggregateStatusLists(ports, registrar)).toEqual([])
    await issueTwo()
    expect(await aggregateStatusLists(ports, registrar)).toEqual([
      'https://trust.example/issuers/registrar/status-lists/revocation-1',
    ])
  })
})
