import { runDurableObjectAlarm } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { durableDirectory } from '../../src/adapters/durable/directory.ts'
import { durableIssuerStore } from '../../src/adapters/durable/issuer-store.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { readBindings } from '../../src/bindings.ts'
import { later } from '../../src/domain/time.ts'
import { anIssuer, CHANGE, freshId, ISSUER_FOUNDING } from '../contracts/instances.ts'

const { objects } = readBindings({ ...env })

it('H16: the issuer’s own alarm signs what was reserved and left, without any request', async () => {
  const id = freshId()
  const store = durableIssuerStore(objects.issuers)
  const issuer = anIssuer(id)
  const keys = [{ kid: 'dev-ed25519', verificationMethod: `${issuer.did}#dev-ed25519` }]
  await durableDirectory(objects.directory).register('issuer', id, CHANGE)
  await store.create({ ...issuer, keys }, ISSUER_FOUNDING, CHANGE)
  const now = systemClock.now()
  const reserve = (cid: string, at = now) =>
    store.reserve(
      id,
      {
        cid,
        credentialId: `urn:example:${cid}`,
        alias: undefined,
        format: 'vc+jwt',
        types: ['VerifiableCredential'],
        subject: undefined,
        validFrom: now,
        validUntil: undefined,
        credential: { id: `urn:example:${cid}`, type: ['VerifiableCredential'] },
        purposes: ['revocation'],
      },
      { ...CHANGE, at },
    )
  await reserve('left-long-ago', later(now, -3_600))
  await reserve('just-now')

  expect(await runDurableObjectAlarm(objects.issuers.getByName(id))).toBe(true)

  expect((await store.credential(id, 'left-long-ago'))?.token).toMatch(/^ey[^.]+\.[^.]+\.[^.]+$/)
  expect((await store.credential(id, 'just-now'))?.token).toBeUndefined()
  // Something is still pending, so that the alarm was set again.
  expect(await runDurableObjectAlarm(objects.issuers.getByName(id))).toBe(true)
})
