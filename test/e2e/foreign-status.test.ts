import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, call, codesOf, textAt, type Json, type JsonObject } from '../../scripts/demo/http.ts'
import { freePort } from '../../scripts/free-port.ts'
import { makeDevelopmentKeys } from '../../scripts/signing-keys.ts'
import { startService, type RunningService } from '../../scripts/workerd.ts'

/*
 * Two deployments that know nothing of each other but a DID and what it leads to: each issues, and each
 * verifies what the other issued, status included.
 */

interface Deployment {
  readonly url: string
  readonly did: string
  readonly issuerToken: string
  readonly verifierToken: string
  /** SIGKILL and a new start over the same state, without anything that was remembered. */
  forget(): Promise<void>
  stop(): Promise<void>
}

const ADMIN_TOKEN = 'test-only-admin-token-of-no-other-use'

let east: Deployment
let west: Deployment

beforeAll(async () => {
  const [eastPort, westPort] = [await freePort(), await freePort()]
  east = await aDeployment(eastPort, westPort)
  west = await aDeployment(westPort, eastPort)
})
afterAll(async () => {
  await east.stop()
  await west.stop()
})

async function aDeployment(port: number, other: number): Promise<Deployment> {
  const dataDir = await mkdtemp(join(tmpdir(), 'lso-trust-'))
  const url = `http://localhost:${String(port)}`
  const env = {
    PUBLIC_URL: url,
    ADMIN_TOKEN,
    SIGNING_KEYS: JSON.stringify(await makeDevelopmentKeys()),
    DID_WEB_LOCAL_HOSTS: `localhost:${String(other)}`,
    RATE_LIMIT: '0',
  }
  const start = (): Promise<RunningService> =>
    startService({ port, dataDir, env, output: 'collect' })
  let service = await start()
  const create = async (kind: string, body: JsonObject) =>
    (await call('POST', `${url}/admin/${kind}`, { token: ADMIN_TOKEN, body })).body
  const common = { name: 'Example', keys: ['dev-ed25519'] }
  const issuer = await create('issuers', { ...common, id: 'registry' })
  const verifier = await create('verifiers', {
    ...common,
    id: 'seller',
    audience: 'https://as.example.com',
  })
  return {
    url,
    did: textAt(issuer, 'did'),
    issuerToken: textAt(issuer, 'token'),
    verifierToken: textAt(verifier, 'token'),
    forget: async () => {
      await service.kill()
      service = await start()
    },
    stop: async () => {
      await service.kill()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

const issue = async ({ url, issuerToken }: Deployment, options: JsonObject): Promise<Json> => {
  const { status, body } = await call('POST', `${url}/issuers/registry/credentials/issue`, {
    token: issuerToken,
    body: {
      credential: {
        type: ['VerifiableCredential'],
        credentialSubject: { id: 'did:web:buyer.example.com', level: 'gold' },
      },
      options,
    },
  })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return at(body, 'verifiableCredential')
}

const verify = async (
  { url, verifierToken }: Deployment,
  verifiableCredential: Json,
): Promise<{ readonly status: number; readonly body: Json }> =>
  call('POST', `${url}/verifiers/seller/credentials/verify`, {
    token: verifierToken,
    body: { verifiableCredential },
  })

async function change(
  { url, issuerToken }: Deployment,
  credential: Json,
  statusPurpose: string,
): Promise<void> {
  const [, payload = ''] = textAt(credential, 'id').split('.')
  const { id } = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { id: string }
  const { status, body } = await call('POST', `${url}/issuers/registry/credentials/status`, {
    token: issuerToken,
    body: {
      credentialId: id,
      credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose },
      status: true,
    },
  })
  if (status !== 200) throw new Error(JSON.stringify(body))
}

describe('two deployments', () => {
  it('find each other’s credentials valid, in both formats', async () => {
    for (const [issuer, verifier] of [
      [east, west],
      [west, east],
    ] as const) {
      for (const format of ['vc+jwt', 'jwt_vc']) {
        const { status, body } = await verify(verifier, await issue(issuer, { format }))
        expect([status, at(body, 'verdict'), at(body, 'availability')]).toEqual([
          200,
          'valid',
          'fresh',
        ])
      }
    }
  })

  it('see each other’s revocations and suspensions', async () => {
    const status = ['revocation', 'suspension']
    const good = await issue(east, { status })
    const revoked = await issue(east, { status })
    const suspended = await issue(east, { status })
    await change(east, revoked, 'revocation')
    await change(east, suspended, 'suspension')
    // West may have a list of a minute ago: that is its promise, and is tried elsewhere.
    await west.forget()
    expect((await verify(west, good)).status).toBe(200)
    for (const [credential, code] of [
      [revoked, 'revoked'],
      [suspended, 'suspended'],
    ] as const) {
      const answer = await verify(west, credential)
      expect([answer.status, at(answer.body, 'verdict')]).toEqual([400, 'invalid'])
      expect(codesOf(answer.body)).toContain(code)
    }
  })

  it('S9: authorise nothing while a list of the other cannot be had', async () => {
    // East has the document of West and a list of revocations, and has not asked for one of suspensions.
    const credential = await issue(west, { status: ['revocation', 'suspension'] })
    await west.stop()
    const { status, body } = await verify(east, credential)
    expect([status, at(body, 'verdict'), at(body, 'availability')]).toEqual([
      400,
      'indeterminate',
      'unavailable',
    ])
    expect(codesOf(body)).toContain('status_list_unavailable')
  })
})
