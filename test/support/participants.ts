import { webcrypto } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  createTrustClient,
  webCryptoSigner,
  type CreatedInstance,
  type HolderSigner,
} from '../../src/client/index.ts'
import { startTestService, type TestService } from './service.ts'
import type { Variables } from '../../scripts/variables.ts'

export const AUDIENCE = 'https://as.seller.example'

/** The host of a buyer: what it answers, and as which media type, is for the test to say. */
export interface BuyerHost {
  readonly host: string
  readonly did: string
  /** Served at `/.well-known/did.json`; 404 while there is none. */
  document: string | undefined
  mediaType: string
  stop(): void
}

export async function aBuyerHost(): Promise<BuyerHost> {
  const server: Server = createServer((_, response) => {
    const { document, mediaType } = host
    response.writeHead(document === undefined ? 404 : 200, { 'Content-Type': mediaType })
    response.end(document ?? '')
  }).listen(0, 'localhost')
  await once(server, 'listening')
  const name = `localhost:${String((server.address() as AddressInfo).port)}`
  const host: BuyerHost = {
    host: name,
    did: `did:web:${name.replace(':', '%3A')}`,
    document: undefined,
    mediaType: 'application/did+json',
    stop: () => void server.close(),
  }
  return host
}

/** A signer whose DID is its key: nothing has to be served for it. */
export async function aDidJwkSigner(): Promise<HolderSigner & { readonly did: string }> {
  const keys = (await webcrypto.subtle.generateKey({ name: 'Ed25519' }, false, [
    'sign',
    'verify',
  ])) as unknown as webcrypto.CryptoKeyPair
  const { kty = '', crv = '', x = '' } = await webcrypto.subtle.exportKey('jwk', keys.publicKey)
  const did = `did:jwk:${Buffer.from(JSON.stringify({ crv, kty, x })).toString('base64url')}`
  return { ...webCryptoSigner(`${did}#0`, keys.privateKey), did }
}

/** A service with a registrar, and a seller's verifier that trusts it. */
export async function aDeployment(variables: Variables): Promise<{
  readonly service: TestService
  readonly registrar: CreatedInstance
  readonly seller: CreatedInstance
}> {
  const service = await startTestService(variables)
  const { admin } = createTrustClient({ url: service.url, token: service.adminToken })
  const registrar = await admin.createIssuer({
    id: 'registrar',
    name: 'Example Registrar',
    keys: ['dev-ed25519'],
  })
  const seller = await admin.createVerifier({
    id: 'seller',
    name: 'Example Seller',
    audience: AUDIENCE,
    keys: ['dev-p256'],
    policy: { anchors: [{ did: registrar.did, types: ['LsoLegalEntityCredential'] }] },
  })
  return { service, registrar, seller }
}
