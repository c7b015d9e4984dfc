import { readFileSync } from 'node:fs'
import { importJWK, type CryptoKey } from 'jose'
import * as oauth from 'openid-client'

/*
 * Asks an authorization server for a token of the buyer's own (client_credentials), with `private_key_jwt`
 * and DPoP. ISSUER is the server, KEY the file of the private key from `lso keygen --did`, CLIENT_ID the
 * DID. Exits 1 when the server refuses.
 */
const { ISSUER, CLIENT_ID, KEY = 'buyer.jwk.json' } = process.env
if (!ISSUER || !CLIENT_ID) throw new Error('ISSUER and CLIENT_ID are required')

const jwk = JSON.parse(readFileSync(KEY, 'utf8')) as { readonly kid: string; readonly alg?: string }
const key = (await importJWK(jwk, jwk.alg ?? 'EdDSA')) as CryptoKey
const config = await oauth.discovery(
  new URL(ISSUER),
  CLIENT_ID,
  {},
  oauth.PrivateKeyJwt({ key, kid: jwk.kid }),
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- for a server on this machine only
  ISSUER.startsWith('http://localhost') ? { execute: [oauth.allowInsecureRequests] } : {},
)
const DPoP = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair('ES256'))
try {
  const { token_type: type, expires_in: seconds } = await oauth.clientCredentialsGrant(
    config,
    { scope: 'lso:sonata:buyer' },
    { DPoP },
  )
  console.log(`a ${type} token for ${seconds ?? '?'} seconds`)
} catch (error) {
  if (!(error instanceof oauth.ResponseBodyError)) throw error
  console.log(`refused: ${error.error}`)
  process.exitCode = 1
}
