import { runDurableObjectAlarm } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { durableDirectory } from '../../src/adapters/durable/directory.ts'
import { durableVerifierStore } from '../../src/adapters/durable/verifier-store.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { readBindings } from '../../src/bindings.ts'
import { later } from '../../src/domain/time.ts'
import { aVerifier, CHANGE, freshId, VERIFIER_FOUNDING } from '../contracts/instances.ts'
import { changesIn } from '../support/client-changes.ts'
import { PUBLIC_KEYS } from '../support/public-keys.ts'
import { aClient, aDecisionAbout, registerClient } from '../support/registered-clients.ts'

const { objects } = readBindings({ ...env })

const store = durableVerifierStore(objects.verifiers)
const now = systemClock.now()
const ALL = { cursor: undefined, limit: 100 }

it('looks at clients in turn, without any request, and writes down what changed', async () => {
  const verifier = aVerifier(freshId())
  const { id } = verifier
  await durableDirectory(objects.directory).register('verifier', id, CHANGE)
  await store.create(verifier, VERIFIER_FOUNDING, CHANGE)
  const object = objects.verifiers.getByName(id)
  expect(await runDurableObjectAlarm(object)).toBe(false)
  const dids = Array.from({ length: 20 }, (_, n) => `did:web:client-${String(n)}.invalid`)
  for (const did of dids) {
    const moment = { since: now, evaluatedAt: now, validUntil: later(now, 3_600) }
    const client = aClient({ did, kid: `${did}#k`, jwk: PUBLIC_KEYS.Ed25519 }, moment)
    const another = aDecisionAbout(client, { id: `another about ${did}`, at: now })
    await registerClient(store, id, client, { ...CHANGE, at: now }, another)
  }

  expect(await runDurableObjectAlarm(object)).toBe(true)

  // A bounded number at one time: the others wait for the next alarm.
  const looked = async () =>
    (await store.clients(id, ALL)).rows.filter(({ status }) => status === 'degraded').length
  expect(await looked()).toBe(16)
  expect(await runDurableObjectAlarm(object)).toBe(true)
  expect(await looked()).toBe(20)
  // Nobody can be asked, and the evidence was never there: that revokes nobody.
  const { rows } = await store.clients(id, ALL)
  expect(new Set(rows.map(({ reason }) => reason))).toEqual(
    new Set(['registration_evidence_missing']),
  )
  expect((await store.audit(id, ALL)).rows.at(-1)).toMatchObject({
    actor: 'alarm',
    action: 'client.follow',
  })
  expect(await changesIn(store, id)).toHaveLength(40)
  // The next look is due in its own time.
  expect(await runDurableObjectAlarm(object)).toBe(true)
  expect(await changesIn(store, id)).toHaveLength(40)
}, 30_000)
