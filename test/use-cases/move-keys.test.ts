import { beforeEach, describe, expect, it } from 'vitest'
import { memoryDirectory } from '../../src/adapters/memory/directory.ts'
import { memoryIssuerStore } from '../../src/adapters/memory/issuer-store.ts'
import { utf8, utf8Text } from '../../src/domain/base64url.ts'
import { KEY_OVERLAP_SECONDS, STATUS_LIST_LIFETIME_SECONDS } from '../../src/domain/limits.ts'
import { ok } from '../../src/domain/result.ts'
import type { Ports } from '../../src/ports/index.ts'
import { exportIssuer } from '../../src/use-cases/export-issuer.ts'
import { importIssuer } from '../../src/use-cases/import-issuer.ts'
import { listKeys } from '../../src/use-cases/list-keys.ts'
import { rotateIssuerKeys } from '../../src/use-cases/rotate-keys.ts'
import { aWorld, legalEntity } from '../support/world.ts'

let world: Awaited<ReturnType<typeof aWorld>>

beforeEach(async () => {
  world = await aWorld({ kids: ['k1', 'k2'] })
  await world.issue({ credential: legalEntity(world.buyer.did) })
  const command = { mode: 'planned', kid: 'k2', compromised: undefined } as const
  const wanted = { ...command, overlapSeconds: undefined }
  const rotated = await rotateIssuerKeys(world.ports, world.registrar, wanted, world.change())
  if (!rotated.ok) throw new Error(rotated.refusal.reason)
})

/** Another deployment, later, that has only these keys. */
const elsewhere = (...kids: readonly string[]): Ports => {
  const { signer } = world.ports
  const keys = signer.keys.filter(({ kid }) => kids.includes(kid))
  return {
    ...world.ports,
    issuers: memoryIssuerStore(),
    directory: memoryDirectory(),
    signer: { ...signer, keys },
  }
}
async function moveTo(target: Ports) {
  let text = ''
  const exported = await exportIssuer(world.ports, world.registrar)
  if (!exported.ok) throw new Error(exported.refusal.reason)
  for await (const bytes of exported.value) text += utf8Text(bytes) ?? ''
  async function* lines() {
    for (const line of text.trimEnd().split('\n')) yield ok(utf8(line))
  }
  return importIssuer(target, lines(), () => world.change())
}

describe('an issuer that moves with its keys', () => {
  it('keeps how each of them stands, and what it signed', async () => {
    world.pass(KEY_OVERLAP_SECONDS)
    const target = elsewhere('k1', 'k2')
    expect(await moveTo(target)).toMatchObject({ ok: true })
    const before = await listKeys(world.ports, world.registrar)
    expect(await listKeys(target, world.registrar)).toEqual(before)
    expect(before.map(({ state, liveCredentials }) => [state, liveCredentials])).toEqual([
      ['signing', 0],
      ['verifying', 1],
    ])
  })

  it('needs the keys that its document lists, and no others', async () => {
    world.pass(KEY_OVERLAP_SECONDS)
    const pointer = '/issuer/keys/1/kid'
    expect(await moveTo(elsewhere('k2'))).toMatchObject({ refusal: { errors: [{ pointer }] } })
    // The credential ends in a year: then nothing needs the old key.
    world.pass(366 * STATUS_LIST_LIFETIME_SECONDS + 10)
    expect(await moveTo(elsewhere('k2'))).toMatchObject({ ok: true })
    expect(await moveTo(elsewhere('k1'))).toMatchObject({ ok: false })
  })
})
