import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { webcrypto } from 'node:crypto'
import * as oauth from 'openid-client'
import {
  createPresentation,
  createTrustClient,
  webCryptoSigner,
  type SecuredCredential,
} from '../../src/client/index.ts'

export const CALLBACK = 'https://buyer.example/callback'

/** All that runs in these tests listens on loopback, without TLS. */
// eslint-disable-next-line @typescript-eslint/no-deprecated -- marked so, to be seen: here it is meant
export const ON_LOOPBACK = { execute: [oauth.allowInsecureRequests] }

/** What the three buyers sign with: each has a did:web of its own, and one key. */
export const KEY_KINDS = {
  EdDSA: { name: 'Ed25519' },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  PS256: {
    name: 'RSA-PSS',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
} as const
export type KeyKind = keyof typeof KEY_KINDS

/** A buyer with an unmodified openid-client and the typed client, and nothing else of ours. */
export interface FapiBuyer {
  readonly did: string
  readonly kid: string
  readonly key: webcrypto.CryptoKey
  readonly dpop: oauth.CryptoKeyPair
  /** A presentation of `credentials` over a fresh challenge of the verifier at `url`. */
  present(
    at: { readonly url: string; readonly verifier: string; readonly audience: string },
    credentials: readonly SecuredCredential[],
  ): Promise<string>
}

/** A host on loopback that serves the documents of all buyers. */
export async function fapiBuyers(): Promise<{
  readonly host: string
  readonly buyers: Readonly<Record<KeyKind, FapiBuyer>>
  stop(): void
}> {
  const documents = new Map<string, string>()
  const server = createServer((request, response) => {
    const document = documents.get(request.url ?? '')
    response.writeHead(document === undefined ? 404 : 200, {
      'Content-Type': 'application/did+json',
    })
    response.end(document)
  }).listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const buyerWith = async (kind: KeyKind): Promise<FapiBuyer> => {
    const did = `did:web:localhost%3A${port}:${kind}`
    const pair = (await webcrypto.subtle.generateKey(KEY_KINDS[kind], true, [
      'sign',
      'verify',
    ])) as webcrypto.CryptoKeyPair
    const kid = `${did}#key-1`
    const jwk = await webcrypto.subtle.exportKey('jwk', pair.publicKey)
    const { kty, crv, x, y, n, e } = jwk
    documents.set(
      `/${kind}/did.json`,
      JSON.stringify({
        '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
        id: did,
        verificationMethod: [
          {
            id: kid,
            type: 'JsonWebKey',
            controller: did,
            publicKeyJwk: { kty, crv, x, y, n, e },
          },
        ],
        authentication: [kid],
        service: [{ id: `${did}#callback`, type: 'OAuthRedirect', serviceEndpoint: CALLBACK }],
      }),
    )
    return {
      did,
      kid,
      key: pair.privateKey,
      dpop: await oauth.randomDPoPKeyPair('ES256'),
      async present({ url, verifier, audience }, credentials) {
        const { challenge } = await createTrustClient({ url }).verifier(verifier).challenge()
        const signer = webCryptoSigner(kid, pair.privateKey)
        return createPresentation({ signer, credentials, audience, challenge })
      },
    }
  }
  const buyers = {
    EdDSA: await buyerWith('EdDSA'),
    ES256: await buyerWith('ES256'),
    PS256: await buyerWith('PS256'),
  }
  return { host: `localhost:${port}`, buyers, stop: () => void server.close() }
}

const signingKey = ({ key, kid }: FapiBuyer) => ({ key, kid })

export const clientAuthentication = (buyer: FapiBuyer): oauth.ClientAuth =>
  oauth.PrivateKeyJwt(signingKey(buyer))

type Tokens = oauth.TokenEndpointResponse & oauth.TokenEndpointResponseHelpers

/** The authorization code flow of FAPI 2.0 Message Signing, as openid-client has it. */
export const authorize = async (config: oauth.Configuration, buyer: FapiBuyer): Promise<Tokens> =>
  (await askForCode(config, buyer))()

/** The flow until there is a code: what is answered redeems it, each time anew. */
export async function askForCode(
  config: oauth.Configuration,
  buyer: FapiBuyer,
): Promise<() => Promise<Tokens>> {
  const verifier = oauth.randomPKCECodeVerifier()
  const state = oauth.randomState()
  const signed = await oauth.buildAuthorizationUrlWithJAR(
    config,
    {
      redirect_uri: CALLBACK,
      scope: 'openid lso:sonata:buyer',
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
    },
    signingKey(buyer),
  )
  const DPoP = oauth.getDPoPHandle(config, buyer.dpop)
  const pushed = await oauth.buildAuthorizationUrlWithPAR(config, signed.searchParams, { DPoP })
  const returned = await browse(pushed)
  return () =>
    oauth.authorizationCodeGrant(
      config,
      returned,
      { pkceCodeVerifier: verifier, expectedState: state },
      undefined,
      { DPoP },
    )
}

/** A browser that keeps cookies and follows redirects, until one leads to the buyer. */
async function browse(from: URL): Promise<URL> {
  const cookies = new Map<string, string>()
  let url = from
  for (let steps = 0; steps < 10; steps++) {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    })
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      cookies.set(name, value)
    }
    const location = answer.headers.get('Location')
    if (location === null) throw new Error(`no redirect: ${answer.status} ${await answer.text()}`)
    url = new URL(location, url)
    if (url.href.startsWith(CALLBACK)) return url
  }
  throw new Error('redirected in circles')
}
