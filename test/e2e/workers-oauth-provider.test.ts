import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as oauth from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../scripts/free-port.ts'
import { PROJECT } from '../../scripts/project.ts'
import { QUIET } from '../../scripts/wrangler.ts'
import { CALLBACK, ON_LOOPBACK, type FapiBuyer } from '../support/fapi-buyers.ts'
import { oauthError } from '../support/openid-client-errors.ts'
import { aSellerDeployment, type SellerDeployment } from '../support/seller-deployment.ts'

/* The Worker of examples/workers-oauth-provider as its readers start it: with `wrangler dev`. */

let world: SellerDeployment, worker: ChildProcess, state: string, issuer: string
let buyer: FapiBuyer

beforeAll(async () => {
  world = await aSellerDeployment('https://as.seller.example')
  buyer = world.buyers.ES256
  state = await mkdtemp(join(tmpdir(), 'oauth-by-presentation-'))
  const port = await freePort()
  issuer = `http://localhost:${port}`
  worker = await wranglerDev(port, {
    ORIGIN: issuer,
    TRUST_URL: world.service.url,
    VERIFIER: 'seller',
    VERIFIER_TOKEN: world.seller.token,
  })
})

afterAll(async () => {
  const ended = once(worker, 'exit')
  worker.kill('SIGTERM')
  await ended
  await world.stop()
  await rm(state, { recursive: true, force: true })
})

/** Starts the Worker over a state of its own, and waits until it answers. */
async function wranglerDev(
  port: number,
  variables: Readonly<Record<string, string>>,
): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    [
      join(PROJECT, 'node_modules/wrangler/bin/wrangler.js'),
      ...['dev', '--config', 'examples/workers-oauth-provider/wrangler.toml'],
      ...['--port', String(port), '--inspector-port', '0', '--persist-to', state],
      ...Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
    ],
    {
      cwd: PROJECT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...QUIET },
    },
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  for (let tries = 0; tries < 200; tries++) {
    const answer = await fetch(`http://localhost:${port}/`).catch(() => undefined)
    if (answer?.status === 404) return child
    if (child.exitCode !== null) break
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`wrangler dev did not start: ${said}`)
}

const clientPage = ({ did }: FapiBuyer) => `${world.service.url}/clients/${encodeURIComponent(did)}`

const register = async (change: object = {}) =>
  oauth.dynamicClientRegistration(
    new URL(issuer),
    {
      presentation: await world.presented(buyer),
      redirect_uris: [CALLBACK],
      client_uri: clientPage(buyer),
      scope: 'lso:sonata:buyer offline_access',
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'client_secret_post',
      ...change,
    },
    undefined,
    { ...ON_LOOPBACK, algorithm: 'oauth2' },
  )

async function authorize(config: oauth.Configuration): Promise<oauth.TokenEndpointResponse> {
  const pkceCodeVerifier = oauth.randomPKCECodeVerifier()
  const state = oauth.randomState()
  const url = oauth.buildAuthorizationUrl(config, {
    redirect_uri: CALLBACK,
    scope: 'lso:sonata:buyer offline_access',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  const answer = await fetch(url, { redirect: 'manual' })
  const returned = new URL(answer.headers.get('Location') ?? (await answer.text()))
  return oauth.authorizationCodeGrant(config, returned, { pkceCodeVerifier, expectedState: state })
}

describe('@cloudflare/workers-oauth-provider with a registration callback', () => {
  it.each([
    {
      when: 'there is no presentation',
      change: { presentation: undefined },
      error: 'client_metadata',
    },
    {
      when: 'it asks for a redirect URI that is not in the DID document',
      change: { redirect_uris: ['https://thief.example/callback'] },
      error: 'redirect_uri',
    },
    {
      when: 'client_uri names another DID',
      change: { client_uri: 'https://buyer.example' },
      error: 'client_metadata',
    },
    {
      when: 'it is no presentation',
      change: { presentation: 'a.b.c' },
      error: 'software_statement',
    },
  ])('refuses a client when $when', async ({ change, error }) => {
    expect(await oauthError(register(change))).toBe(`invalid_${error}`)
  })

  it('R4: registers by presentation, gives tokens, and gives no more once it is revoked', async () => {
    const config = await register()
    const tokens = await authorize(config)
    const quotes = await fetch(`${issuer}/quotes`, {
      headers: { Authorization: `Bearer ${tokens.access_token}` },
    })
    expect([quotes.status, await quotes.json()]).toEqual([200, { quotes: [] }])
    const refreshed = await oauth.refreshTokenGrant(config, tokens.refresh_token ?? '')
    await world.revoke(buyer)
    expect(await oauthError(oauth.refreshTokenGrant(config, refreshed.refresh_token ?? ''))).toBe(
      'invalid_grant',
    )
    expect(await oauthError(authorize(config))).toBe('invalid_grant')
    expect(await oauthError(register())).toBe('unapproved_software_statement')
  })
})
