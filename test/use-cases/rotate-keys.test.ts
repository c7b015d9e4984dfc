import { decodeJwt, decodeProtectedHeader } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { utf8 } from '../../src/domain/base64url.ts'
import type { Did } from '../../src/domain/did/did.ts'
import type { InstanceId, Issuer } from '../../src/domain/instance/instance.ts'
import type { JsonObject } from '../../src/domain/json/strict-json.ts'
import {
  DID_WEB_CACHE_SECONDS,
  DOCUMENT_MAX_AGE_SECONDS,
  EXPIRY_SKEW_SECONDS,
  INSTANCE_CACHE_SECONDS,
  KEY_OVERLAP_SECONDS,
  STATUS_LIST_LIFETIME_SECONDS,
} from '../../src/domain/limits.ts'
import { ok, refuse } from '../../src/domain/result.ts'
import { dateTimeStamp, later } from '../../src/domain/time.ts'
import { createIssuer } from '../../src/use-cases/create-instance.ts'
import { finishPending, issueCredential } from '../../src/use-cases/issue-credential.ts'
import { issuerDocument } from '../../src/use-cases/issuer-document.ts'
import { listKeys } from '../../src/use-cases/list-keys.ts'
import { publishStatusList } from '../../src/use-cases/publish-status-list.ts'
import { rotateIssuerKeys, type RotateKeys } from '../../src/use-cases/rotate-keys.ts'
import { verificationContext } from '../../src/use-cases/verification-context.ts'
import { verifyCredential } from '../../src/use-cases/verify-credential.ts'
import { aWorld, NOW } from '../support/world.ts'

const DAY = STATUS_LIST_LIFETIME_SECONDS
const FOREIGN = 'did:web:issuer.example.com' as Did
let world: Awaited<ReturnType<typeof aWorld>>
/** What the host of the external DID serves. */
let foreignDocument: JsonObject = {}

beforeEach(async () => {
  const get = async () =>
    ok({ bytes: utf8(JSON.stringify(foreignDocument)), mediaType: 'application/did+json' })
  world = await aWorld({ fetch: { get }, kids: ['k1', 'k2', 'k3'] })
})

const issuerNow = async (): Promise<Issuer> => {
  const stored = await world.ports.issuers.find(world.registrar.id)
  if (stored === undefined) throw new Error('the issuer is gone')
  return stored.instance
}
/** Issues a credential that ends so many seconds from now; `as`: how an isolate knows the issuer. */
const issue = async (seconds?: number, as?: Issuer): Promise<string> => {
  const now = world.ports.clock.now()
  const credential = {
    type: ['VerifiableCredential'],
    credentialSubject: { id: world.buyer.did },
    ...(seconds === undefined ? {} : { validUntil: dateTimeStamp(later(now, seconds)) }),
  }
  const command = { credential, credentialId: undefined, format: undefined, status: undefined }
  const issued = await issueCredential(
    world.ports,
    as ?? (await issuerNow()),
    command,
    world.change(),
  )
  if (!issued.ok) throw new Error(issued.refusal.reason)
  return issued.value.token
}
const rotate = async (wanted: Partial<RotateKeys>) => {
  const nothing = { kid: undefined, compromised: undefined, overlapSeconds: undefined }
  const command = { mode: 'planned' as const, ...nothing, ...wanted }
  return rotateIssuerKeys(world.ports, await issuerNow(), command, world.change())
}
const kidOf = (token: string) => decodeProtectedHeader(token).kid?.split('#')[1]
const listedKids = async () => {
  const { assertionMethod } = await issuerDocument(world.ports, await issuerNow())
  return Array.isArray(assertionMethod)
    ? assertionMethod.map((id) => String(id).split('#')[1])
    : undefined
}
const states = async () =>
  Object.fromEntries(
    (await listKeys(world.ports, await issuerNow())).map(({ key, state }) => [key.kid, state]),
  )
const verdict = async (token: string) => {
  const context = await verificationContext(world.ports, world.seller)
  const { verdict: given, checks } = await verifyCredential(world.ports, token, context)
  const codes = checks.flatMap(({ code }) => (code === undefined ? [] : [code]))
  return given === 'valid' ? given : codes.filter((code) => code !== 'issuer_untrusted')
}
const signerOfList = async (form: 'vc+jwt' | 'statuslist+jwt' = 'vc+jwt', as = world.registrar) => {
  const list = await publishStatusList(world.ports, as, 'revocation-1', form, undefined)
  if (!list.ok) throw new Error(list.refusal.reason)
  return kidOf(list.value)
}

describe('K4: a planned rotation, from its first second to its last', () => {
  it('waits as long as the caches that it must outlast', () => {
    expect(KEY_OVERLAP_SECONDS).toBe(
      DID_WEB_CACHE_SECONDS + INSTANCE_CACHE_SECONDS + 2 * DOCUMENT_MAX_AGE_SECONDS,
    )
  })

  it('publishes at once, switches after the overlap, retires once all has expired', async () => {
    const before = await issue(3 * DAY)
    expect(await listedKids()).toEqual(['k1'])
    const rotated = await rotate({ kid: 'k2' })
    const signsFrom = later(NOW, KEY_OVERLAP_SECONDS)
    expect(rotated).toMatchObject({ ok: true, value: { next: { signsFrom } } })
    expect(await listedKids()).toEqual(['k2', 'k1'])

    world.pass(KEY_OVERLAP_SECONDS - 1)
    expect(await states()).toEqual({ k2: 'published', k1: 'signing' })
    const last = await issue(3 * DAY)
    expect([kidOf(last), await signerOfList()]).toEqual(['k1', 'k1'])

    world.pass(1)
    expect(await states()).toEqual({ k2: 'signing', k1: 'verifying' })
    const first = await issue(9 * DAY)
    expect([kidOf(first), await signerOfList(), await signerOfList('statuslist+jwt')]).toEqual([
      'k2',
      'k2',
      'k2',
    ])
    for (const token of [before, last, first]) expect(await verdict(token)).toBe('valid')

    // The last one of the old key was issued one second before the switch.
    world.pass(3 * DAY - 1 + EXPIRY_SKEW_SECONDS - 1)
    expect(await states()).toEqual({ k2: 'signing', k1: 'verifying' })
    expect(await listedKids()).toEqual(['k2', 'k1'])
    world.pass(1)
    expect(await states()).toEqual({ k2: 'signing', k1: 'retired' })
    expect(await listedKids()).toEqual(['k2'])
    expect(await verdict(first)).toBe('valid')
  })

  it('keeps the old key as long as a status list that it signed, when no credential lives longer', async () => {
    await issue(60)
    await rotate({ kid: 'k2' })
    world.pass(KEY_OVERLAP_SECONDS + DAY + EXPIRY_SKEW_SECONDS - 1)
    expect(await listedKids()).toEqual(['k2', 'k1'])
    world.pass(1)
    expect(await listedKids()).toEqual(['k2'])
  })

  it('keeps it until a credential without an end is revoked', async () => {
    const token = await issue()
    await rotate({ kid: 'k2' })
    world.pass(KEY_OVERLAP_SECONDS + 1_000 * DAY)
    expect(await states()).toEqual({ k2: 'signing', k1: 'verifying' })
    expect((await listKeys(world.ports, await issuerNow()))[1]).toMatchObject({
      listedUntil: 'never',
      liveCredentials: 1,
    })
    expect(await verdict(token)).toBe('valid')
    const revoke = { purpose: 'revocation', status: true } as const
    const { id } = decodeJwt(token)
    await world.ports.issuers.changeStatus(world.registrar.id, String(id), revoke, world.change())
    expect(await listedKids()).toEqual(['k2'])
  })

  it('takes a longer overlap, and a shorter one only while nothing was issued', async () => {
    const short = { kid: 'k2', overlapSeconds: KEY_OVERLAP_SECONDS - 1 }
    expect(await rotate({ ...short, overlapSeconds: 0 })).toMatchObject({
      ok: true,
      value: { next: { signsFrom: NOW } },
    })
    expect(await states()).toEqual({ k2: 'signing', k1: 'verifying' })
    await issue(60)
    expect(await rotate({ ...short, kid: 'k3' })).toEqual(
      refuse({ reason: 'overlap_too_short', leastSeconds: KEY_OVERLAP_SECONDS }),
    )
    expect(await rotate({ kid: 'k3', overlapSeconds: DAY })).toMatchObject({
      ok: true,
      value: { next: { signsFrom: later(NOW, DAY) } },
    })
  })

  it('refuses what would break live credentials, and names it', async () => {
    await issue(3 * DAY)
    expect(await rotate({ kid: 'k9' })).toMatchObject({ refusal: { reason: 'request_invalid' } })
    expect(await rotate({})).toMatchObject({ refusal: { reason: 'request_invalid' } })
    expect(await rotate({ kid: 'k1' })).toEqual(refuse({ reason: 'key_in_use', kid: 'k1' }))
    expect(await rotate({ mode: 'retire', kid: 'k1' })).toEqual(
      refuse({ reason: 'key_in_use', kid: 'k1' }),
    )
    const { signer } = world.ports
    const twin = signer.keys.slice(0, 1).map((key) => ({ ...key, kid: 'k1-again' }))
    const ports = { ...world.ports, signer: { ...signer, keys: [...signer.keys, ...twin] } }
    const again = { mode: 'planned', kid: 'k1-again' } as const
    const command = { ...again, compromised: undefined, overlapSeconds: undefined }
    expect(await rotateIssuerKeys(ports, await issuerNow(), command, world.change())).toEqual(
      refuse({ reason: 'key_in_use', kid: 'k1' }),
    )
    await rotate({ kid: 'k2' })
    expect(await rotate({ kid: 'k3' })).toMatchObject({
      refusal: { reason: 'rotation_under_way', kid: 'k2' },
    })
    world.pass(KEY_OVERLAP_SECONDS)
    expect(await rotate({ mode: 'retire', kid: 'k1' })).toEqual(
      refuse({
        reason: 'key_has_live_credentials',
        kid: 'k1',
        liveCredentials: 1,
        listedUntil: later(NOW, 3 * DAY + EXPIRY_SKEW_SECONDS),
      }),
    )
    expect(await rotate({ kid: 'k3' })).toMatchObject({ ok: true })
  })

  it('calls a rotation off, and lets the key come back later', async () => {
    await issue(3 * DAY)
    await rotate({ kid: 'k2' })
    expect(await rotate({ mode: 'retire', kid: 'k2' })).toMatchObject({ ok: true })
    expect([await states(), await listedKids()]).toEqual([{ k2: 'retired', k1: 'signing' }, ['k1']])
    world.pass(KEY_OVERLAP_SECONDS + 1)
    expect(kidOf(await issue(60))).toBe('k1')
    expect(await rotate({ kid: 'k2' })).toMatchObject({ ok: true })
    expect(await states()).toEqual({ k2: 'published', k1: 'signing' })
  })

  it('signs nothing, rather than with a replaced key, when the new one is not configured any more', async () => {
    await issue(3 * DAY)
    await rotate({ kid: 'k2' })
    world.pass(KEY_OVERLAP_SECONDS)
    const { signer } = world.ports
    const keys = signer.keys.filter(({ kid }) => kid !== 'k2')
    const ports = { ...world.ports, signer: { ...signer, keys } }
    expect(
      await publishStatusList(ports, world.registrar, 'revocation-1', 'vc+jwt', undefined),
    ).toEqual(refuse({ reason: 'signing_key_missing' }))
  })
})

describe('K3, G16: a compromised key', () => {
  it('leaves at once, never signs again, and says what must be issued anew', async () => {
    const old = [await issue(60), await issue(3 * DAY), await issue(3 * DAY)]
    world.pass(100)
    expect(await signerOfList()).toBe('k1')
    expect(await verdict(old[1] ?? '')).toBe('valid')
    const rotated = await rotate({ mode: 'compromise', compromised: 'k1', kid: 'k2' })
    expect(rotated).toMatchObject({
      ok: true,
      value: { next: { key: { kid: 'k2' } }, withdrawn: { liveCredentials: 2 } },
    })
    expect(await listedKids()).toEqual(['k2'])
    // An isolate that still has the issuer's record of before signs nothing that counts either.
    const fresh = await issue(60, world.registrar)
    expect([kidOf(fresh), await signerOfList()]).toEqual(['k2', 'k2'])
    expect(await verdict(fresh)).toBe('valid')
    world.pass(INSTANCE_CACHE_SECONDS)
    expect(await verdict(old[1] ?? '')).toEqual(['kid_not_found'])
    const { rows } = await world.ports.issuers.audit(world.registrar.id, {
      cursor: undefined,
      limit: 100,
    })
    expect(rows.find(({ action }) => action === 'keys.compromise')).toMatchObject({
      detail: { compromised: 'k1', liveCredentials: 2, kid: 'k2' },
    })
    expect(await rotate({ kid: 'k1' })).toEqual(refuse({ reason: 'key_compromised', kid: 'k1' }))
  })

  it('lets no verifier refuse a good credential of the new key, whatever its cache holds', async () => {
    const old = await issue(3 * DAY)
    expect(await verdict(old)).toBe('valid')
    await rotate({ mode: 'compromise', compromised: 'k1', kid: 'k2' })
    expect(await verdict(await issue(60))).toBe('valid')
    await rotate({ mode: 'compromise', compromised: 'k2', kid: 'k3' })
    expect(await verdict(await issue(60))).toBe('valid')
  })

  it('needs a new name only when no other key can take over', async () => {
    await issue(3 * DAY)
    expect(await rotate({ mode: 'compromise', compromised: 'k1' })).toEqual(
      refuse({ reason: 'key_required' }),
    )
    await rotate({ kid: 'k2' })
    expect(await rotate({ mode: 'compromise', compromised: 'k1' })).toMatchObject({
      ok: true,
      value: { next: { key: { kid: 'k2' }, signsFrom: NOW } },
    })
    expect(await states()).toEqual({ k2: 'signing', k1: 'compromised' })
    expect(kidOf(await issue(60))).toBe('k2')
  })

  it('may be one that waits for its turn, or one that was replaced', async () => {
    await issue(3 * DAY)
    await rotate({ kid: 'k2' })
    await rotate({ mode: 'compromise', compromised: 'k2' })
    expect(await states()).toEqual({ k2: 'compromised', k1: 'signing' })
    await rotate({ kid: 'k3' })
    world.pass(2 * KEY_OVERLAP_SECONDS)
    expect(await states()).toEqual({ k3: 'signing', k2: 'compromised', k1: 'verifying' })
    await rotate({ mode: 'compromise', compromised: 'k1' })
    expect(await states()).toEqual({ k3: 'signing', k2: 'compromised', k1: 'compromised' })
    expect(await listedKids()).toEqual(['k3'])
    expect(await rotate({ mode: 'compromise', compromised: 'k9' })).toEqual(
      refuse({ reason: 'key_not_found', member: 'compromised' }),
    )
  })

  it('H13: is named, so that the same call again hits no other', async () => {
    await issue(3 * DAY)
    expect(await rotate({ mode: 'compromise', kid: 'k2' })).toMatchObject({
      refusal: { reason: 'request_invalid', errors: [{ pointer: '/compromised' }] },
    })
    expect(await rotate({ mode: 'compromise', compromised: 'k1', kid: 'k2' })).toMatchObject({
      ok: true,
    })
    expect(await rotate({ mode: 'compromise', compromised: 'k1', kid: 'k2' })).toMatchObject({
      ok: false,
    })
    expect(await states()).toEqual({ k2: 'signing', k1: 'compromised' })
  })

  it('H16: finishes with the new key what a crash left open', async () => {
    const { ports, registrar } = world
    const broken = {
      ...ports,
      issuers: { ...ports.issuers, complete: () => Promise.reject(new Error('killed')) },
    }
    const credential = { type: ['VerifiableCredential'], credentialSubject: { member: true } }
    const command = { credential, credentialId: undefined, format: undefined, status: undefined }
    await expect(issueCredential(broken, registrar, command, world.change())).rejects.toThrow(
      'killed',
    )
    await rotate({ mode: 'compromise', compromised: 'k1', kid: 'k2' })
    world.pass(120)
    expect(await finishPending(ports, registrar.id)).toBe('done')
    const all = { subject: undefined, type: undefined, status: undefined, key: 'k2' }
    const page = { cursor: undefined, limit: 10 }
    expect((await ports.issuers.credentials(registrar.id, all, page)).rows).toHaveLength(1)
  })
})

describe('the rotation of an issuer whose document is elsewhere', () => {
  const documentWith = (...kids: readonly string[]): JsonObject => ({
    id: FOREIGN,
    verificationMethod: kids.map((kid) => ({
      id: `${FOREIGN}#their-${kid}`,
      type: 'JsonWebKey',
      controller: FOREIGN,
      publicKeyJwk: {
        ...(world.ports.signer.keys.find((key) => key.kid === kid)?.publicKeyJwk ?? {}),
      },
    })),
    assertionMethod: kids.map((kid) => `${FOREIGN}#their-${kid}`),
  })

  it('needs the new key in that document first', async () => {
    foreignDocument = documentWith('k1')
    const wanted = { id: 'elsewhere' as InstanceId, name: 'Example', did: FOREIGN, keys: ['k1'] }
    const made = await createIssuer(world.ports, { ...wanted, securing: 'vc+jwt' }, world.change())
    if (!made.ok) throw new Error(made.refusal.reason)
    const { instance } = made.value
    const command = {
      mode: 'planned' as const,
      kid: 'k2',
      compromised: undefined,
      overlapSeconds: undefined,
    }
    const wish = () => rotateIssuerKeys(world.ports, instance, command, world.change())
    expect(await wish()).toEqual(refuse({ reason: 'key_not_in_document' }))
    foreignDocument = documentWith('k1', 'k2')
    world.pass(60)
    expect(await wish()).toMatchObject({
      ok: true,
      value: { next: { key: { verificationMethod: `${FOREIGN}#their-k2` } } },
    })
  })
})
