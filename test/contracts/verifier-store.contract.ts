import { describe, expect, it } from 'vitest'
import { DEFAULT_POLICY } from '../../src/domain/trust/policy.ts'
import type { VerifierStore } from '../../src/ports/verifier-store.ts'
import { aVerifier, CHANGE, freshId, marked, VERIFIER_FOUNDING } from './instances.ts'

/** What a store of verifiers promises beyond what every store of instances does. */
export const verifierStoreContract = (adapter: string, open: () => VerifierStore) =>
  describe(`VerifierStore contract: ${adapter}`, () => {
    const opened = async () => {
      const store = open()
      const verifier = aVerifier(freshId())
      await store.create(verifier, VERIFIER_FOUNDING, CHANGE)
      return { store, id: verifier.id }
    }

    it('starts with the policy of its creation as version 1', async () => {
      const { store, id } = await opened()
      expect(await store.policy(id)).toMatchObject({
        version: 1,
        policy: VERIFIER_FOUNDING.policy,
      })
    })

    it('adds versions and rewrites none', async () => {
      const { store, id } = await opened()
      await store.putPolicy(id, { ...DEFAULT_POLICY, maxChainDepth: 1 }, CHANGE)
      await store.putPolicy(id, { ...DEFAULT_POLICY, maxChainDepth: 2 }, CHANGE)
      expect((await store.policy(id))?.policy.maxChainDepth).toBe(2)
      const { rows } = await store.policyVersions(id, { cursor: undefined, limit: 10 })
      expect(rows.map(({ version, policy }) => [version, policy.maxChainDepth])).toEqual([
        [1, 3],
        [2, 1],
        [3, 2],
      ])
    })

    it('counts versions without gaps under 64 simultaneous changes', async () => {
      const { store, id } = await opened()
      await Promise.all(
        Array.from({ length: 64 }, () => store.putPolicy(id, DEFAULT_POLICY, CHANGE)),
      )
      const { rows } = await store.policyVersions(id, { cursor: undefined, limit: 100 })
      expect(rows.map(({ version }) => version)).toEqual(
        Array.from({ length: 65 }, (_, at) => at + 1),
      )
    })

    it('H13: adds one version for one mark', async () => {
      const { store, id } = await opened()
      const first = await store.putPolicy(id, DEFAULT_POLICY, marked('key'))
      const again = await store.putPolicy(id, DEFAULT_POLICY, marked('key'))
      expect(first).toMatchObject({ value: { value: { version: 2 }, replayed: false } })
      expect(again).toMatchObject({ value: { value: { version: 2 }, replayed: true } })
    })
  })
