import { spawn } from 'node:child_process'
import { webcrypto } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  assertHolderKey,
  createPresentation,
  createTrustClient,
  textOf,
  TrustError,
  webCryptoSigner,
  type Check,
  type HolderSigner,
  type Reason,
} from '../../src/client/index.ts'
import { legalEntity } from '../../scripts/example-legal-entity.ts'
import { PROJECT } from '../../scripts/project.ts'
import { AUDIENCE, aBuyerHost, aDeployment, type BuyerHost } from '../support/participants.ts'

/*
 * What goes wrong on the first day, told in the API, by the typed client and on the command line: the same
 * reason where all three can see it, and of one reason the same words everywhere.
 */

interface Ended {
  readonly code: number | null
  readonly said: string
}

let deployment: Awaited<ReturnType<typeof aDeployment>>
let buyer: BuyerHost
let folder: string
let signer: HolderSigner
let credential: string

/** The command line, as a process of its own in a folder with the buyer's key and credential. */
function lso(args: string, env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const program = join(PROJECT, 'scripts/lso.ts')
  const node = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', program]
  const child = spawn(process.execPath, [...node, ...args.split(' ')], {
    cwd: folder,
    env: { LSO_URL: deployment.service.url, ...env },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, said })
    })
  })
}
const lsoRegister = (options: string, env: Readonly<Record<string, string>> = {}) =>
  lso(`register --dry-run --key buyer.jwk.json --credential buyer.vc.jwt ${options}`, env)
const asked = (verifier = 'seller', audience = AUDIENCE) =>
  `--verifier ${verifier} --audience ${audience}`

/** The body of an answer of the API to a call that is made by hand. */
const api = async (path: string, token?: string): Promise<unknown> =>
  (
    await fetch(`${deployment.service.url}${path}`, {
      headers: token === undefined ? {} : { Authorization: `Bearer ${token}` },
    })
  ).json()

const front = (verifier = 'seller') =>
  createTrustClient({ url: deployment.service.url }).verifier(verifier)

/** The checks that did not pass when this is handed in, by hand. */
async function findings(more: object, by = signer, verifier = 'seller'): Promise<readonly Check[]> {
  const { challenge } = await front(verifier).challenge()
  const wanted = { signer: by, credentials: [credential], audience: AUDIENCE, challenge, ...more }
  const response = await fetch(
    `${deployment.service.url}/verifiers/${verifier}/registrations/dry-run`,
    {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ presentation: await createPresentation(wanted) }),
    },
  )
  const { checks } = (await response.json()) as { readonly checks: readonly Check[] }
  return checks.filter(({ outcome }) => outcome === 'fail')
}

/** The reason, and the words about it, that a call of the client fails with. */
async function failure(call: Promise<unknown>): Promise<{ reason: Reason; hint: string }> {
  const error: unknown = await call.catch((one: unknown) => one)
  if (!(error instanceof TrustError)) throw new Error('there was no TrustError')
  return { reason: error.reason, hint: error.hint }
}

const aKeyPair = async () =>
  (await webcrypto.subtle.generateKey({ name: 'Ed25519' }, true, [
    'sign',
    'verify',
  ])) as unknown as webcrypto.CryptoKeyPair

const words = (reason: Reason): string => textOf(reason).hint ?? 'no words'

beforeAll(async () => {
  buyer = await aBuyerHost()
  deployment = await aDeployment({ DID_WEB_LOCAL_HOSTS: buyer.host, RATE_LIMIT: '0' })
  folder = mkdtempSync(join(tmpdir(), 'lso-bad-input-'))
  const kid = `${buyer.did}#key-1`
  const pair = await aKeyPair()
  signer = webCryptoSigner(kid, pair.privateKey)
  const jwk = await webcrypto.subtle.exportKey('jwk', pair.privateKey)
  const { kty, crv, x } = jwk
  writeFileSync(join(folder, 'buyer.jwk.json'), JSON.stringify({ ...jwk, alg: 'EdDSA', kid }))
  buyer.document = JSON.stringify({
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
    id: buyer.did,
    verificationMethod: [
      { id: kid, type: 'JsonWebKey', controller: buyer.did, publicKeyJwk: { kty, crv, x } },
    ],
    authentication: [kid],
  })
  const { service, registrar } = deployment
  const issued = await createTrustClient({ url: service.url, token: registrar.token })
    .issuer('registrar')
    .issue({ credential: legalEntity(buyer.did) })
  const { id } = issued.verifiableCredential as { readonly id: string }
  credential = id.slice(id.indexOf(',') + 1)
  writeFileSync(join(folder, 'buyer.vc.jwt'), credential)
})

afterAll(async () => {
  buyer.stop()
  await deployment.service.stop()
  rmSync(folder, { recursive: true, force: true })
})

it('nothing is wrong where every case below begins', async () => {
  expect(await findings({})).toEqual([])
  await assertHolderKey(createTrustClient({ url: deployment.service.url }), signer)
  expect(await lsoRegister(asked())).toMatchObject({ code: 0 })
})

it('a private key is taken under either name of its algorithm, or none, and under no other', async () => {
  const file = join(folder, 'buyer.jwk.json')
  const text = readFileSync(file, 'utf8')
  const { alg: _, ...bare } = JSON.parse(text) as Readonly<Record<string, unknown>>
  const codes: (number | null)[] = []
  for (const alg of ['Ed25519', undefined, 'ES256', 'Ed448']) {
    writeFileSync(file, JSON.stringify({ ...bare, alg }))
    codes.push((await lsoRegister(asked())).code)
  }
  writeFileSync(file, text)
  expect(codes).toEqual([0, 0, 2, 2])
})

describe('named by the same code and in the same words', () => {
  it.each<[string, () => string, Reason, number]>([
    ['wrong', () => 'nonsense', 'token_invalid', 2],
    ["another instance's", () => deployment.registrar.token, 'not_found', 1],
  ])('H8: a token that is %s', async (_, token, reason, code) => {
    const hint = words(reason)
    expect(await api('/verifiers/seller/policy', token())).toMatchObject({
      code: reason,
      detail: hint,
    })
    const trust = createTrustClient({ url: deployment.service.url, token: token() })
    expect(await failure(trust.verifier('seller').policy())).toEqual({ reason, hint })
    const ended = await lso('policy show --verifier seller', { LSO_TOKEN: token() })
    expect(ended).toMatchObject({ code })
    expect(ended.said).toContain(`${hint} [${reason}]`)
  })

  it('V7: a wrong audience, with the right one beside it', async () => {
    const [code, hint] = ['aud_mismatch', words('aud_mismatch')] as const
    const found = { code, hint, evidence: { expected: AUDIENCE } }
    const audience = 'https://as.other.example'
    expect(await findings({ audience })).toMatchObject([found])
    const { challenge } = await front().challenge()
    const wanted = { signer, credentials: [credential], audience, challenge }
    const presentation = await createPresentation(wanted)
    const { checks } = await front().dryRunRegistration({ presentation })
    expect(checks.filter(({ outcome }) => outcome === 'fail')).toMatchObject([found])
    const ended = await lsoRegister(asked('seller', audience))
    expect(ended).toMatchObject({ code: 1 })
    expect(ended.said).toContain(`[${code}] ${hint}\n    evidence: {"expected":"${AUDIENCE}"}`)
  })

  it('V11: a policy that trusts nobody, and one that trusts the registrar for something else', async () => {
    const { service, registrar } = deployment
    const { admin } = createTrustClient({ url: service.url, token: service.adminToken })
    const types = ['LsoIssuerAccreditationCredential']
    const half = { empty: [], other: [{ did: registrar.did, types }] }
    const hint = words('issuer_untrusted')
    for (const [id, anchors] of Object.entries(half)) {
      const keys = ['dev-p256']
      await admin.createVerifier({ id, name: id, audience: AUDIENCE, policy: { anchors }, keys })
      expect((await findings({}, signer, id))[0]).toMatchObject({ code: 'issuer_untrusted', hint })
      const ended = await lsoRegister(asked(id))
      expect(ended).toMatchObject({ code: 1 })
      expect(ended.said).toContain(`[issuer_untrusted] ${hint}`)
    }
  })

  it('a policy that is no policy, with the place of each fault', async () => {
    writeFileSync(join(folder, 'policy.json'), '{"anchors":[{"did":"registrar"}],"depth":1}')
    const { service, seller } = deployment
    const trust = createTrustClient({ url: service.url, token: seller.token })
    const policy = { anchors: [{ did: 'registrar' }], depth: 1 } as object
    const error: unknown = await trust
      .verifier('seller')
      .putPolicy(policy)
      .catch((one: unknown) => one)
    const pointers = ['/depth', '/anchors/0/did', '/anchors/0/types']
    expect(error).toMatchObject({ reason: 'request_invalid', hint: words('request_invalid') })
    if (error instanceof TrustError)
      expect(error.errors.map(({ pointer }) => pointer)).toEqual(pointers)
    const ended = await lso('policy put policy.json --verifier seller', { LSO_TOKEN: seller.token })
    expect(ended).toMatchObject({ code: 1 })
    for (const pointer of pointers) expect(ended.said).toContain(`\n  ${pointer}: `)
  })

  it('D12: a did.json of the wrong media type', async () => {
    const did = `${buyer.did}:typed`
    const kid = `${did}#key-1`
    buyer.mediaType = 'text/html'
    try {
      const reason = 'did_document_invalid'
      const hint = words(reason)
      expect(hint).toContain('application/did+json')
      expect(await api(`/clients/${encodeURIComponent(did)}`)).toMatchObject({
        code: reason,
        detail: `The document: it is served as another media type than application/did+json. ${hint}`,
      })
      const trust = createTrustClient({ url: deployment.service.url })
      expect(await failure(assertHolderKey(trust, { ...signer, kid }))).toEqual({ reason, hint })
      const ended = await lso(`resolve ${did} --client`)
      expect(ended).toMatchObject({ code: 1 })
      expect(ended.said).toContain(`${hint} [${reason}]`)
    } finally {
      buyer.mediaType = 'application/did+json'
    }
  })
})

describe('found before anything is sent, where it can be', () => {
  it('K1: a key that does not match the DID document', async () => {
    const pair = await aKeyPair()
    const other = webCryptoSigner(signer.kid, pair.privateKey)
    const hint = words('signature_invalid')
    expect(hint).toContain('DID document')
    expect(await findings({}, other)).toMatchObject([{ code: 'signature_invalid', hint }])
    const reason = 'holder_key_not_listed'
    const trust = createTrustClient({ url: deployment.service.url })
    expect(await failure(assertHolderKey(trust, other))).toEqual({ reason, hint: words(reason) })
    const jwk = await webcrypto.subtle.exportKey('jwk', pair.privateKey)
    const file = JSON.stringify({ ...jwk, alg: 'EdDSA', kid: signer.kid })
    writeFileSync(join(folder, 'other.jwk.json'), file)
    const ended = await lsoRegister(`${asked()} --key other.jwk.json`)
    expect(ended).toMatchObject({ code: 1 })
    expect(ended.said).toContain(`${words(reason)} [${reason}]`)
  })

  it.each([
    ['behind', -3600, 'expired'],
    ['ahead', 3600, 'not_yet_valid'],
  ] as const)('J21: a clock that is an hour %s', async (_, seconds, code) => {
    const now = Math.floor(Date.now() / 1000) + seconds
    const hint = words(code)
    expect(hint).toContain('clock')
    expect(await findings({ now })).toMatchObject([{ code, hint }])
    // The command line runs by a clock that is off; the client asks for a challenge before it signs.
    const clock = `const now = Date.now; Date.now = () => now() + ${String(seconds * 1000)}`
    const NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(clock)}`
    const ended = await lsoRegister(asked(), { NODE_OPTIONS })
    expect(ended).toMatchObject({ code: 1 })
    expect(ended.said).toContain(`${words('clock_differs')} [clock_differs]`)
  })

  it('a service that is down', async () => {
    const [url, reason] = ['http://localhost:1', 'service_unreachable'] as const
    const hint = words(reason)
    expect(await failure(createTrustClient({ url }).verifier('seller').challenge())).toEqual({
      reason,
      hint,
    })
    const ended = await lsoRegister(`${asked()} --url ${url}`)
    expect(ended).toMatchObject({ code: 3 })
    expect(ended.said).toContain(`${hint} [${reason}]`)
  })
})
