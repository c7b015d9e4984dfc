import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { legalEntity } from '../../scripts/example-legal-entity.ts'
import { createPresentation, createTrustClient } from '../../src/client/index.ts'
import { makeDevelopmentKeys } from '../../scripts/signing-keys.ts'
import { AUDIENCE, aDeployment, aDidJwkSigner } from '../support/participants.ts'

/*
 * Clients whose credentials were issued elsewhere, at a host that fails in every way: that revokes nobody.
 */

const INDEX = 94_567
const STATUS_SECONDS = 15
const RETRY_SECONDS = 60

type Respond = (response: ServerResponse) => void

/** A host on loopback whose every answer is for the test to say; a path without one is 404. */
async function aHost() {
  const answers = new Map<string, Respond>()
  const server = createServer((request, response) => {
    const answer = answers.get(request.url ?? '')
    if (answer === undefined) response.writeHead(404).end()
    else answer(response)
  }).listen(0, 'localhost')
  await once(server, 'listening')
  const host = `localhost:${String((server.address() as AddressInfo).port)}`
  return { host, answers, stop: () => void server.close() }
}

const text =
  (type: string, body: string): Respond =>
  (response) =>
    void response.writeHead(200, { 'Content-Type': type }).end(body)

/** An issuer with a did:web and one status list of a second's `ttl`, both under a path of its own. */
async function anIssuer({ host, answers }: Awaited<ReturnType<typeof aHost>>, name: string) {
  const { publicKey, privateKey } = await generateKeyPair('Ed25519', { extractable: true })
  const { kty, crv, x } = await exportJWK(publicKey)
  const did = `did:web:${host.replace(':', '%3A')}:${name}`
  const kid = `${did}#key-1`
  const [documentPath, listPath] = [`/${name}/did.json`, `/${name}/list`]
  const listUrl = `http://${host}${listPath}`
  const document = {
    '@context': ['https://www.w3.org/ns/did/v1'],
    id: did,
    verificationMethod: [
      { id: kid, type: 'JsonWebKey', controller: did, publicKeyJwk: { kty, crv, x } },
    ],
    assertionMethod: [kid],
  }
  const sign = (payload: JWTPayload): Promise<string> =>
    new SignJWT(payload)
      .setProtectedHeader({ alg: 'EdDSA', typ: 'vc+jwt', cty: 'vc', kid })
      .sign(privateKey)
  const moment = (seconds: number): string =>
    new Date(Date.now() + seconds * 1_000).toISOString().replace(/\.\d+Z$/, 'Z')
  return {
    did,
    /** Serves the document, and the list with or without the bit. */
    serve: async (revoked: boolean) => {
      const bits = new Uint8Array(131_072 / 8)
      if (revoked) bits[INDEX >> 3] = 2 ** (7 - (INDEX & 7))
      const list = await sign({
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        id: listUrl,
        type: ['VerifiableCredential', 'BitstringStatusListCredential'],
        issuer: did,
        validFrom: moment(-5),
        validUntil: moment(3_600),
        credentialSubject: {
          id: `${listUrl}#list`,
          type: 'BitstringStatusList',
          statusPurpose: 'revocation',
          encodedList: `u${gzipSync(bits).toString('base64url')}`,
          ttl: 1_000,
        },
      })
      answers.set(documentPath, text('application/did+json', JSON.stringify(document)))
      answers.set(listPath, text('application/vc+jwt', list))
    },
    credential: (subject: string, schema: string) =>
      sign({
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        id: `http://${host}/${name}/credentials/1`,
        issuer: did,
        validFrom: moment(-5),
        validUntil: moment(30 * 24 * 3_600),
        credentialSchema: { id: schema, type: 'JsonSchema' },
        ...legalEntity(subject),
        credentialStatus: {
          type: 'BitstringStatusListEntry',
          statusPurpose: 'revocation',
          statusListIndex: String(INDEX),
          statusListCredential: listUrl,
        },
      }),
    /** From now on its list, or all that it has, answers so. */
    fail: (what: 'list' | 'all', respond: Respond) => {
      answers.set(listPath, respond)
      if (what === 'all') answers.set(documentPath, respond)
    },
  }
}

const OUTAGES: readonly (readonly [name: string, what: 'list' | 'all', respond: Respond])[] = [
  ['empty', 'list', text('application/vc+jwt', '')],
  ['busy', 'list', (response) => void response.writeHead(503).end('busy')],
  ['gone', 'all', (response) => void response.destroy()],
]

let host: Awaited<ReturnType<typeof aHost>>
let deployment: Awaited<ReturnType<typeof aDeployment>>

beforeAll(async () => {
  host = await aHost()
  deployment = await aDeployment({
    SIGNING_KEYS: JSON.stringify(await makeDevelopmentKeys()),
    DID_WEB_LOCAL_HOSTS: host.host,
    RATE_LIMIT: '0',
  })
})
afterAll(async () => {
  host.stop()
  await deployment.service.stop()
})

it(
  'S9: an empty list, a 503 and a host that is gone revoke nobody; the bit does, once it is read',
  { timeout: 120_000 },
  async () => {
    const { service, seller } = deployment
    const as = (token?: string) =>
      createTrustClient({ url: service.url, ...(token === undefined ? {} : { token }) })
    const verifier = as(seller.token).verifier('seller')
    const issuers = await Promise.all(OUTAGES.map(([name]) => anIssuer(host, name)))
    for (const issuer of issuers) await issuer.serve(false)
    const types = ['LsoLegalEntityCredential']
    await verifier.putPolicy({ anchors: issuers.map(({ did }) => ({ did, types })) })
    const clients: string[] = []
    for (const issuer of issuers) {
      const signer = await aDidJwkSigner()
      const schema = `${service.url}/schemas/LsoLegalEntityCredential`
      const { challenge } = await verifier.challenge()
      const credentials = [await issuer.credential(signer.did, schema)]
      const wanted = { signer, credentials, audience: AUDIENCE, challenge }
      const presentation = await createPresentation(wanted)
      expect(await verifier.register({ presentation })).toMatchObject({ outcome: 'accepted' })
      clients.push(signer.did)
    }
    const statuses = async () =>
      Promise.all(clients.map(async (did) => (await verifier.clientStatus(did)).status))
    /** All that was answered until everybody stood so, or the time was over. */
    const until = async (status: string, seconds: number) => {
      const seen: string[][] = []
      const end = Date.now() + seconds * 1_000
      do {
        if (seen.length > 0) await sleep(500)
        seen.push(await statuses())
      } while (Date.now() < end && seen.at(-1)?.every((one) => one === status) !== true)
      return seen
    }
    expect(await statuses()).toEqual(['active', 'active', 'active'])

    for (const [at, [, what, respond]] of OUTAGES.entries()) issuers[at]?.fail(what, respond)
    await service.killAndRestart()
    const outage = await until('degraded', STATUS_SECONDS)
    expect(outage.at(-1)).toEqual(['degraded', 'degraded', 'degraded'])
    expect(outage.flat()).not.toContain('revoked')

    for (const issuer of issuers) await issuer.serve(true)
    const back = await until('revoked', RETRY_SECONDS)
    expect(back.at(-1)).toEqual(['revoked', 'revoked', 'revoked'])
    expect(new Set(back.flat())).toEqual(new Set(['degraded', 'revoked']))
  },
)
