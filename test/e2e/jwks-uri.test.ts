import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import {
  createRemoteJWKSet,
  errors,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  SignJWT,
  type CryptoKey,
} from 'jose'
import { Provider } from 'oidc-provider'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../scripts/free-port.ts'
import { startTestService, type TestService } from '../support/service.ts'

/** A key of the buyer under the fragment that its document gives it. */
interface BuyerKey {
  readonly fragment: string
  readonly publicKey: CryptoKey
  readonly privateKey: CryptoKey
}

const AUDIENCE = 'https://as.example'

let buyer: { readonly did: string; readonly host: string }
let service: TestService
/** Listed for authentication, for assertion alone, and nowhere. */
let key: BuyerKey, assertionKey: BuyerKey, strangerKey: BuyerKey
/** What the buyer's host answers now. */
let document: string
const closers: (() => Promise<void>)[] = []

beforeAll(async () => {
  const port = await freePort()
  await listen(port, (_, answer) => {
    answer.writeHead(200, { 'Content-Type': 'application/did+json' }).end(document)
  })
  buyer = { did: `did:web:localhost%3A${String(port)}`, host: `localhost:${String(port)}` }
  ;[key, assertionKey, strangerKey] = [
    await newKey('key-1'),
    await newKey('assertion'),
    await newKey('key-1'),
  ]
  document = await documentWith(key)
  service = await startTestService({ DID_WEB_LOCAL_HOSTS: buyer.host })
})

afterAll(async () => {
  await service.stop()
  for (const close of closers) await close()
})

/** Starts a server on loopback that ends with the tests. */
async function listen(port: number, listener: RequestListener): Promise<void> {
  const server = createServer(listener).listen(port, 'localhost')
  await once(server, 'listening')
  closers.push(async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  })
}

const newKey = async (fragment: string): Promise<BuyerKey> => ({
  fragment,
  ...(await generateKeyPair('EdDSA', { extractable: true })),
})

/** The buyer's document with one key for authentication, and the other for assertion alone. */
async function documentWith(authentication: BuyerKey): Promise<string> {
  const { did } = buyer
  const methods = [authentication, assertionKey].map(async ({ fragment, publicKey }) => ({
    ...{ id: `${did}#${fragment}`, type: 'JsonWebKey', controller: did },
    publicKeyJwk: await exportJWK(publicKey),
  }))
  return JSON.stringify({
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
    id: did,
    verificationMethod: await Promise.all(methods),
    authentication: [`#${authentication.fragment}`],
    assertionMethod: [`#${assertionKey.fragment}`],
  })
}

/** Both names of what an Ed25519 key signs with: jose signs under the one, openid-client under the other. */
const NAMES = ['EdDSA', 'Ed25519'] as const

const signed = (
  by: BuyerKey,
  audience: string,
  alg: (typeof NAMES)[number] = 'EdDSA',
): Promise<string> =>
  new SignJWT({ jti: randomUUID() })
    .setProtectedHeader({ alg, kid: `${buyer.did}#${by.fragment}` })
    .setIssuer(buyer.did)
    .setSubject(buyer.did)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(by.privateKey)

const jwksUri = (): string => `${service.url}/clients/${encodeURIComponent(buyer.did)}/jwks`

describe('createRemoteJWKSet of jose over /clients/{client_id}/jwks', () => {
  const verified = async (by: BuyerKey, alg: (typeof NAMES)[number] = 'EdDSA') => {
    const keys = createRemoteJWKSet(new URL(jwksUri()))
    return jwtVerify(await signed(by, AUDIENCE, alg), keys, {
      issuer: buyer.did,
      audience: AUDIENCE,
    })
  }

  it.each(NAMES)('R3: verifies what the client has signed with its key, as %s', async (alg) => {
    const { payload, protectedHeader } = await verified(key, alg)
    expect(payload.sub).toBe(buyer.did)
    expect(protectedHeader).toMatchObject({ alg, kid: `${buyer.did}#key-1` })
  })

  it('K2: finds no key for what was signed with a key that is for assertion alone', async () => {
    await expect(verified(assertionKey)).rejects.toThrow(errors.JWKSNoMatchingKey)
  })

  it('K1: refuses what a stranger has signed under the name of the key', async () => {
    await expect(verified(strangerKey)).rejects.toThrow(errors.JWSSignatureVerificationFailed)
  })

  it('D25: follows a rotation when the service has forgotten the document, not before', async () => {
    const successor = await newKey('key-2')
    await verified(key)
    document = await documentWith(successor)
    await expect(verified(successor)).rejects.toThrow(errors.JWKSNoMatchingKey)
    await service.killAndRestart()
    expect((await verified(successor)).payload.sub).toBe(buyer.did)
    await expect(verified(key)).rejects.toThrow(errors.JWKSNoMatchingKey)
    document = await documentWith(key)
    await service.killAndRestart()
  })
})

describe('oidc-provider with /clients/{client_id}/jwks as jwks_uri of a client', () => {
  let issuer: string

  beforeAll(async () => {
    const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
    const port = await freePort()
    issuer = `http://localhost:${String(port)}`
    const provider = new Provider(issuer, {
      clients: [
        {
          client_id: buyer.did,
          jwks_uri: jwksUri(),
          token_endpoint_auth_method: 'private_key_jwt',
          id_token_signed_response_alg: 'EdDSA',
          grant_types: ['client_credentials'],
          response_types: [],
          redirect_uris: [],
        },
      ],
      features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
      jwks: { keys: [await exportJWK(privateKey)] },
      cookies: { keys: [randomUUID()] },
      ttl: { ClientCredentials: 60 },
      // Its own dispatcher lets no connection to loopback through, and the service listens there.
      fetch: (url: string, { dispatcher: _, ...options }: RequestInit & { dispatcher: unknown }) =>
        fetch(url, options),
    })
    await listen(port, provider.callback())
  })

  /** The answer of the token endpoint to a client_credentials grant (RFC 6749 §4.4, RFC 7523 §2.2). */
  const grant = async (assertion: string): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(`${issuer}/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    })
    return { status: response.status, body: await response.json() }
  }

  it.each(NAMES)('R16: gives a token to a client whose DID is its client_id: %s', async (alg) => {
    expect(await grant(await signed(key, issuer, alg))).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', access_token: expect.any(String) as unknown },
    })
  })

  it.each([
    { row: 'K1', when: 'a stranger signed', by: () => strangerKey },
    { row: 'K2', when: 'a key signed that is for assertion alone', by: () => assertionKey },
  ])('$row: refuses the client when $when', async ({ by }) => {
    expect(await grant(await signed(by(), issuer))).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
  })
})
