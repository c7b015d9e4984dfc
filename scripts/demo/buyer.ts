import { webcrypto } from 'node:crypto'
import {
  createPresentation,
  createTrustClient,
  webCryptoSigner,
  type SecuredCredential,
} from '../../src/client/index.ts'
import { textAt, type Json } from './http.ts'
import { serveHandlers } from './process.ts'

/**
 * A buyer: it makes its own key, publishes its own DID document and signs its own presentations with
 * the typed client. The private key cannot leave this process.
 */
await serveHandlers(async (origin) => {
  const { publicKey, privateKey } = (await webcrypto.subtle.generateKey(
    { name: 'Ed25519' },
    false,
    ['sign', 'verify'],
  )) as unknown as webcrypto.CryptoKeyPair
  const did = `did:web:${new URL(origin).host.replace(':', '%3A')}`
  const kid = `${did}#key-1`
  const signer = webCryptoSigner(kid, privateKey)
  const { kty = '', crv = '', x = '' } = await webcrypto.subtle.exportKey('jwk', publicKey)

  const document = {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
    id: did,
    verificationMethod: [
      { id: kid, type: 'JsonWebKey', controller: did, publicKeyJwk: { kty, crv, x } },
    ],
    authentication: [kid],
    service: [
      {
        id: `${did}#redirect`,
        type: 'OAuthRedirect',
        serviceEndpoint: 'https://buyer.example.com/callback',
      },
      {
        id: `${did}#redirect-2`,
        type: 'OAuthRedirect',
        serviceEndpoint: 'https://buyer.example.com/second',
      },
    ],
  }

  return {
    'GET /.well-known/did.json': () => document,
    'GET /did': () => ({ did }),
    /** Asks the verifier for a challenge and signs a presentation of `credentials` for `audience`. */
    'POST /present': (request: Json) => present(request),
    /** Registers with such a presentation. */
    'POST /register': async (request: Json) => {
      const { presentation } = await present(request)
      const verifier = createTrustClient({ url: textAt(request, 'service') }).verifier('seller')
      return JSON.parse(JSON.stringify(await verifier.register({ presentation }))) as Json
    },
    /** What it sends to the token endpoint: an assertion for `audience`. */
    'POST /assertion': async (request: Json) => {
      const iat = Math.floor(Date.now() / 1000)
      const aud = textAt(request, 'audience')
      const claims = { iss: did, sub: did, aud, jti: crypto.randomUUID(), iat, exp: iat + 60 }
      return { assertion: await signed(claims) }
    },
    /** What it pushes to the PAR endpoint: a request object (RFC 9101) of the FAPI 2.0 profile. */
    'POST /request-object': async (request: Json) => {
      const nbf = Math.floor(Date.now() / 1000)
      const claims = {
        iss: did,
        client_id: did,
        aud: textAt(request, 'audience'),
        nbf,
        exp: nbf + 300,
        response_type: 'code',
        redirect_uri: 'https://buyer.example.com/callback',
        scope: 'openid lso:sonata:buyer',
        code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
        code_challenge_method: 'S256',
      }
      return { request: await signed(claims) }
    },
  }

  /** A compact JWS of the buyer over `claims`. */
  async function signed(claims: object): Promise<string> {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const input = `${part({ alg: signer.alg, kid })}.${part(claims)}`
    const signature = await signer.sign(new Uint8Array(Buffer.from(input)))
    return `${input}.${Buffer.from(signature).toString('base64url')}`
  }

  async function present(request: Json) {
    const verifier = createTrustClient({ url: textAt(request, 'service') }).verifier('seller')
    const { challenge } = await verifier.challenge()
    const { credentials } = request as { readonly credentials: readonly SecuredCredential[] }
    const audience = textAt(request, 'audience')
    const presentation = await createPresentation({ signer, credentials, audience, challenge })
    return { presentation, challenge }
  }
})
