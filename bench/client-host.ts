import { once } from 'node:events'
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair } from 'jose'
import { freePort } from '../scripts/free-port.ts'

/** A client's own web host with a did:web document: one key, two redirect services. */
export interface ClientHost {
  readonly did: string
  /** `host:port`, for `DID_WEB_LOCAL_HOSTS`. */
  readonly host: string
  close(): Promise<void>
}

export async function openClientHost(): Promise<ClientHost> {
  const port = await freePort()
  const did = `did:web:localhost%3A${port}`
  const document = JSON.stringify(await documentOf(did))
  const server = createServer((_, answer) => {
    answer.writeHead(200, { 'Content-Type': 'application/did+json' }).end(document)
  }).listen(port, 'localhost')
  await once(server, 'listening')
  return {
    did,
    host: `localhost:${port}`,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function documentOf(did: string): Promise<object> {
  const { publicKey } = await generateKeyPair('EdDSA', { extractable: true })
  const method = { id: `${did}#key-1`, type: 'JsonWebKey', controller: did }
  const service = (id: string) => ({
    id: `${did}#${id}`,
    type: 'OAuthRedirect',
    serviceEndpoint: `https://buyer.example/${id}`,
  })
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
    id: did,
    verificationMethod: [{ ...method, publicKeyJwk: await exportJWK(publicKey) }],
    authentication: [method.id],
    assertionMethod: [method.id],
    service: [service('callback'), service('second')],
  }
}
