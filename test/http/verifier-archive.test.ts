import { beforeAll, describe, expect, it } from 'vitest'
import { memoryDirectory } from '../../src/adapters/memory/directory.ts'
import { memoryVerifierStore } from '../../src/adapters/memory/verifier-store.ts'
import { createApp } from '../../src/app.ts'
import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import type { Ports } from '../../src/ports/index.ts'
import { aFollowedWorld } from '../support/followed-clients.ts'

const ADMIN = 'admin-token-of-this-test'

const call = async (
  ports: Ports,
  method: string,
  path: string,
  token: string,
  body?: string,
): Promise<Response> => {
  const adminTokenHash = ports.digest.sha256(utf8(ADMIN))
  return createApp(ports, { adminTokenHash, clientIpHeader: undefined }).request(
    `https://trust.example${path}`,
    {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/x-ndjson' }),
      },
      ...(body === undefined ? {} : { body }),
    },
  )
}

describe('a verifier that moves', () => {
  let world: Awaited<ReturnType<typeof aFollowedWorld>>
  let token = ''
  let file = ''
  let status: unknown

  const at = () => `/verifiers/seller/clients/${encodeURIComponent(world.client.clientId)}`
  /** Another deployment with the same key, and nothing of the verifier in it. */
  const elsewhere = (): Ports => ({
    ...world.ports,
    verifiers: memoryVerifierStore(),
    directory: memoryDirectory(),
  })
  const importInto = (target: Ports, text: string) =>
    call(target, 'POST', '/admin/verifiers/import', ADMIN, text)

  beforeAll(async () => {
    world = await aFollowedWorld('own')
    const { ports } = world
    const made = await call(ports, 'POST', '/admin/verifiers/seller/token', ADMIN)
    token = (await made.json<{ token: string }>()).token
    status = await (await call(ports, 'GET', `${at()}/status`, token)).json()
    file = await (await call(ports, 'GET', '/verifiers/seller/export', token)).text()
  })

  it('takes along no secret', () => {
    const { challengeSecret } = world.seller
    expect(file).not.toContain(challengeSecret)
    expect(file).not.toContain(token)
    expect(file).not.toContain('tokenHash')
  })

  it('is the same verifier elsewhere, with a token and a challenge secret of its own', async () => {
    const target = elsewhere()
    const imported = await importInto(target, file)
    expect(imported.status).toBe(201)
    const { token: own, ...answer } = await imported.json<{ token: string }>()
    expect(answer).toMatchObject({ id: 'seller', policies: 2, clients: 1, decisions: 1 })
    expect(own).not.toBe(token)
    const moved = await call(target, 'GET', `${at()}/status`, own)
    expect(await moved.json()).toEqual(status)
    const verified = await call(target, 'GET', '/verifiers/seller/audit/verify', own)
    expect(await verified.json()).toMatchObject({ intact: true })
    const found = await target.verifiers.find(world.seller.id)
    expect(found?.instance).toEqual({
      ...world.seller,
      challengeSecret: expect.stringMatching(/^[\w-]{43}$/) as string,
    })
    expect(found?.instance.challengeSecret).not.toBe(world.seller.challengeSecret)
    const replay = `/verifiers/seller/decisions/${world.client.decisionId}/replay`
    const replayed = await call(target, 'POST', replay, own)
    expect(await replayed.json()).toMatchObject({ outcome: 'same' })
  })

  it.each<[what: string, change: (text: string) => string, code: string]>([
    ['a changed row', (text) => text.replace('"suspension"', '"suspensio"'), 'archive_invalid'],
    ['a missing line', (text) => text.replace(/\n[^\n]+\n/, '\n'), 'archive_invalid'],
    ['no end', (text) => text.slice(0, text.lastIndexOf('{"kind":"end"')), 'body_incomplete'],
    ['other keys', (text) => text.replace(/"x":"[^"]{4}/, '"x":"AAAA'), 'request_invalid'],
    ['an issuer', (text) => text.replace('"verifier":', '"issuer":'), 'request_invalid'],
  ])('takes in nothing of a file with %s', async (_, change, code) => {
    const target = elsewhere()
    const changed = change(file)
    expect(changed).not.toBe(file)
    const refused = await importInto(target, changed)
    expect(await refused.json()).toMatchObject({ code })
    expect(await target.verifiers.find(world.seller.id)).toBeUndefined()
    expect((await importInto(target, file)).status).toBe(201)
  })

  it('takes the place of nobody', async () => {
    expect((await importInto(world.ports, file)).status).toBe(409)
  })

  it('H9: is exported to its own token alone', async () => {
    const other = encodeBase64url(new Uint8Array(32))
    const answer = await call(world.ports, 'GET', '/verifiers/seller/export', other)
    expect(answer.status).toBe(401)
  })
})
