import { decodeJwt } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { decodeBase64url } from '../../src/domain/base64url.ts'
import type { JsonObject } from '../../src/domain/json/strict-json.ts'
import { valueAt } from '../../src/domain/status-list/unpacked-list.ts'
import type { StatusPurpose } from '../../src/domain/status-list/status.ts'
import type { Ports } from '../../src/ports/index.ts'
import { changeCredentialStatus } from '../../src/use-cases/change-credential-status.ts'
import { issueCredential } from '../../src/use-cases/issue-credential.ts'
import { publishStatusList } from '../../src/use-cases/publish-status-list.ts'
import { aWorld, legalEntity } from '../support/world.ts'

const DAY = 24 * 60 * 60

let world: Awaited<ReturnType<typeof aWorld>>
beforeEach(async () => {
  world = await aWorld()
})

const published = async (form: 'vc+jwt' | 'statuslist+jwt'): Promise<JsonObject> => {
  const { ports, registrar } = world
  const list = await publishStatusList(ports, registrar, 'revocation-1', form, undefined)
  if (!list.ok) throw new Error(list.refusal.reason)
  return decodeJwt<JsonObject>(list.value)
}

async function unpacked(text: string, packing: 'gzip' | 'zlib'): Promise<Uint8Array> {
  const packed = decodeBase64url(text)
  const bytes = packed && (await world.ports.compression.unpack(packed, packing, 2 ** 16))
  if (bytes?.ok !== true) throw new Error('the list cannot be unpacked')
  return bytes.value
}

/** What the list says of the place that a signed credential names, in either form. */
async function standing(token: string): Promise<readonly (number | undefined)[]> {
  const { credentialStatus } = decodeJwt<{ credentialStatus: JsonObject | JsonObject[] }>(token)
  const [entry] = [credentialStatus].flat()
  const index = Number(entry?.['statusListIndex'])
  const { credentialSubject } = (await published('vc+jwt')) as {
    credentialSubject: { encodedList: string }
  }
  const { status_list } = (await published('statuslist+jwt')) as { status_list: { lst: string } }
  return [
    valueAt(
      {
        bytes: await unpacked(credentialSubject.encodedList.slice(1), 'gzip'),
        ...{ bits: 1, first: 'most_significant', purposes: ['revocation'] },
      },
      index,
    ),
    valueAt(
      {
        bytes: await unpacked(status_list.lst, 'zlib'),
        ...{ bits: 2, first: 'least_significant', purposes: undefined },
      },
      index,
    ),
  ]
}

const setStatus = (credentialId: string, purpose: StatusPurpose, status: boolean) =>
  changeCredentialStatus(
    world.ports,
    world.registrar,
    { credentialId, purpose, status },
    world.change(),
  )

describe('the standing of a signed credential', () => {
  it('S13: stays revoked whatever happens next, also long after the credential has expired', async () => {
    const revoked = await world.issue({
      credential: legalEntity(world.buyer.did),
      status: ['revocation', 'suspension'],
    })
    const other = await world.issue({ credential: legalEntity(world.buyer.did) })
    expect(await standing(revoked.token)).toEqual([0, 0])
    const { credentialId } = revoked.stored
    await setStatus(credentialId, 'revocation', true)
    expect(await standing(revoked.token)).toEqual([1, 1])

    await setStatus(credentialId, 'suspension', true)
    await setStatus(credentialId, 'suspension', false)
    await setStatus(other.stored.credentialId, 'revocation', true)
    world.pass(3 * 366 * DAY)
    await world.issue({ credential: legalEntity(world.buyer.did) })
    expect(await standing(revoked.token)).toEqual([1, 1])
  })

  it('S14: is in a fresh list after a month in which nobody asked', async () => {
    await world.issue({ credential: legalEntity(world.buyer.did) })
    await published('statuslist+jwt')
    world.pass(30 * DAY)
    const now = world.ports.clock.now()
    const { iat, exp } = await published('statuslist+jwt')
    const { validUntil } = (await published('vc+jwt')) as { validUntil: string }
    expect(now - Number(iat)).toBeLessThan(60)
    // More than half of its life is left, at whatever moment it is fetched.
    expect(Number(exp) - now).toBeGreaterThan(0.5 * DAY)
    expect(Date.parse(validUntil) / 1000 - now).toBeGreaterThan(0.5 * DAY)
  })

  it('S15: is there for one that was signed and whose token could not be stored', async () => {
    const { ports, registrar } = world
    const signed: string[] = []
    const broken: Ports = {
      ...ports,
      signer: {
        ...ports.signer,
        sign: async (...asked) => {
          const token = await ports.signer.sign(...asked)
          signed.push(token)
          return token
        },
      },
      issuers: { ...ports.issuers, complete: () => Promise.reject(new Error('killed')) },
    }
    const id = 'https://issuer.example.com/credentials/half'
    const command = {
      credential: legalEntity(world.buyer.did, { id }),
      ...{ credentialId: undefined, format: undefined, status: undefined },
    }
    await expect(issueCredential(broken, registrar, command, world.change())).rejects.toThrow(
      'killed',
    )
    const [token = ''] = signed
    expect(await standing(token)).toEqual([0, 0])
    expect(await setStatus(id, 'revocation', true)).toEqual({ ok: true, value: 'revoked' })
    expect(await standing(token)).toEqual([1, 1])
  })
})
