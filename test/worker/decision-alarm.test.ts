import { runDurableObjectAlarm } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { durableVerifierStore } from '../../src/adapters/durable/verifier-store.ts'
import { systemClock } from '../../src/adapters/system/clock.ts'
import { readBindings } from '../../src/bindings.ts'
import { DECISION_RETENTION_SECONDS } from '../../src/domain/limits.ts'
import { epochSeconds, later, type EpochSeconds } from '../../src/domain/time.ts'
import type { SealedDecision } from '../../src/ports/decisions.ts'
import { aVerifier, CHANGE, freshId, VERIFIER_FOUNDING } from '../contracts/instances.ts'

const { objects } = readBindings({ ...env })

const store = durableVerifierStore(objects.verifiers)
const now = systemClock.now()

const aDecision = (id: string, at: EpochSeconds): SealedDecision => ({
  id,
  kind: 'credential',
  at,
  subject: undefined,
  verdict: 'valid',
  trust: 'trusted',
  policyVersion: 1,
  digest: 'digest',
  evidence: '{}',
  receipt: 'a.b.c',
})

it('deletes decisions that were kept long enough, without any request, and writes it down', async () => {
  const { id } = aVerifier(freshId())
  await store.create(aVerifier(id), VERIFIER_FOUNDING, CHANGE)
  const object = objects.verifiers.getByName(id)
  expect(await runDurableObjectAlarm(object)).toBe(false)
  const everything = { atMost: 10, atMostOfOneClient: 10, since: epochSeconds(0) }
  const keep = (name: string, at: EpochSeconds) =>
    store.keepDecision(id, aDecision(name, at), everything, CHANGE)
  await keep('just kept', later(now, 100 - DECISION_RETENTION_SECONDS))
  await keep('kept long enough', later(now, -1 - DECISION_RETENTION_SECONDS))

  expect(await runDurableObjectAlarm(object)).toBe(true)

  expect(await store.decision(id, 'kept long enough')).toBeUndefined()
  expect(await store.decision(id, 'just kept')).toBeDefined()
  const { rows } = await store.audit(id, { cursor: undefined, limit: 10 })
  expect(rows.at(-1)).toMatchObject({
    actor: 'alarm',
    action: 'decision.expire',
    detail: { deleted: 1 },
  })
  // Something is still kept, so that the alarm was set again.
  expect(await runDurableObjectAlarm(object)).toBe(true)
})
