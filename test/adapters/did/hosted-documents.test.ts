import { beforeEach, describe, expect, it } from 'vitest'
import { cachedIssuers, namedInstances } from '../../../src/adapters/cache/cached-instances.ts'
import { createDidResolver } from '../../../src/adapters/did/create-did-resolver.ts'
import { hostedDocuments } from '../../../src/adapters/did/hosted-documents.ts'
import type { KeyRotation } from '../../../src/domain/instance/key-rotation.ts'
import { INSTANCE_CACHE_SECONDS } from '../../../src/domain/limits.ts'
import { signingKey } from '../../../src/domain/instance/key-schedule.ts'
import { aWorld } from '../../support/world.ts'

let world: Awaited<ReturnType<typeof aWorld>>
beforeEach(async () => {
  world = await aWorld({ kids: ['k1', 'k2'] })
})

/** The stores and the resolver as one isolate has them, over the storage that all share. */
function isolate() {
  const {
    issuers: stored,
    verifiers,
    directory,
    clock,
    publicUrl,
    signer,
    guardedFetch,
  } = world.ports
  const issuers = cachedIssuers(stored, directory, clock)
  const hosted = hostedDocuments(
    publicUrl,
    {
      issuers: namedInstances(stored, 'issuer', directory),
      verifiers: namedInstances(verifiers, 'verifier', directory),
    },
    signer,
    clock,
  )
  const resolver = createDidResolver({ clock, fetch: guardedFetch, hosted })
  return {
    issuers,
    listed: async (fresh: boolean) => {
      const resolved = await resolver.resolve(world.registrar.did, { fresh })
      const ids = resolved.ok ? resolved.value.document.relationships.assertionMethod : []
      return ids.map((id) => id.split('#')[1])
    },
    signs: async () => {
      const stored = await issuers.find(world.registrar.id)
      return stored && signingKey(stored.instance, signer.keys, clock.now())?.kid
    },
  }
}
const compromise = (issuers: ReturnType<typeof isolate>['issuers']) => {
  const verificationMethod = `${world.registrar.did}#k2`
  const key = { kid: 'k2', verificationMethod }
  const wanted: KeyRotation = { mode: 'compromise', compromised: undefined, key }
  const facts = { configured: world.ports.signer.keys, leastOverlapSeconds: 100 }
  return issuers.rotateKeys(world.registrar.id, wanted, facts, world.change())
}

describe('the document of an issuer in many isolates', () => {
  it('G16: lets a removed key live for one cache, not for two in a row', async () => {
    const [here, there] = [isolate(), isolate()]
    // Here the record is read first, and the document is made from it at the last moment of its life.
    await here.signs()
    world.pass(INSTANCE_CACHE_SECONDS - 1)
    expect(await here.listed(false)).toEqual(['k1'])
    expect(await compromise(there.issuers)).toMatchObject({ ok: true })
    world.pass(INSTANCE_CACHE_SECONDS - 1)
    expect(await here.listed(false)).toEqual(['k1'])
    world.pass(1)
    expect(await here.listed(false)).toEqual(['k2'])
  })

  it('G16: makes the document from the store, however old the copy of the record is', async () => {
    const [here, there] = [isolate(), isolate()]
    await here.signs()
    await compromise(there.issuers)
    expect(await here.signs()).toBe('k1')
    expect(await here.listed(false)).toEqual(['k2'])
  })

  it('K4: finds a brand-new key at once when it is looked for', async () => {
    const [here, there] = [isolate(), isolate()]
    expect(await here.listed(false)).toEqual(['k1'])
    await compromise(there.issuers)
    expect(await here.listed(true)).toEqual(['k2'])
  })

  it('forgets the record through which the keys were changed', async () => {
    const here = isolate()
    expect(await here.signs()).toBe('k1')
    await compromise(here.issuers)
    expect(await here.signs()).toBe('k2')
  })
})
