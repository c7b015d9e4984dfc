import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { call, textAt, type Json } from './http.ts'
import { serveHandlers } from './process.ts'

/**
 * A buyer: it makes its own key, publishes its own DID document and signs its own presentations. The
 * private key never leaves this process.
 */
await serveHandlers(async (origin) => {
  const { publicKey, privateKey } = await generateKeyPair('Ed25519')
  const did = `did:web:${new URL(origin).host.replace(':', '%3A')}`
  const kid = `${did}#key-1`

  const document = {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
    id: did,
    verificationMethod: [
      {
        id: kid,
        type: 'JsonWebKey',
        controller: did,
        publicKeyJwk: (await exportJWK(publicKey)) as Readonly<Record<string, string>>,
      },
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
    'POST /present': async (request: Json) => {
      const { body } = await call('POST', textAt(request, 'challengeUrl'))
      const challenge = textAt(body, 'challenge')
      const credentials = (request as { readonly credentials: Json }).credentials
      const presentation = await new SignJWT({
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        type: ['VerifiablePresentation'],
        holder: did,
        verifiableCredential: credentials,
        nonce: challenge,
      })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'vp+jwt', cty: 'vp', kid })
        .setAudience(textAt(request, 'audience'))
        .setIssuedAt()
        .setExpirationTime('2m')
        .sign(privateKey)
      return { presentation, challenge }
    },
  }
})
