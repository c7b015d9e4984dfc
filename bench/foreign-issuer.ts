import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import { freePort } from '../scripts/free-port.ts'
import { STATUS_LIST_ENTRIES } from '../src/domain/limits.ts'
import { legalEntity } from './instances.ts'
import { keySegmentOf, type BenchAlgorithm, type PublicKey } from './public-key.ts'

/** An issuer of another deployment: its host serves a did:web document and status lists, all of zeros. */
export interface ForeignIssuer {
  readonly did: string
  /** `host:port`, for `DID_WEB_LOCAL_HOSTS`. */
  readonly host: string
  /** Names the public key in a path (`publicJwkIn`). */
  readonly keySegment: string
  /** A credential that nobody has seen before: VCDM 1.1, as a JWT, with a place in list number `list`. */
  credential(list: number): string
  close(): Promise<void>
}

const CONTEXT = 'https://www.w3.org/2018/credentials/v1'
const LIFETIME_SECONDS = 24 * 60 * 60
const KIB = 1024

export async function openForeignIssuer(alg: BenchAlgorithm): Promise<ForeignIssuer> {
  const port = await freePort()
  const host = `localhost:${port}`
  const did = `did:web:localhost%3A${port}`
  const { publicKey, privateKey } =
    alg === 'EdDSA'
      ? generateKeyPairSync('ed25519')
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = publicKey.export({ format: 'jwk' }) as unknown as PublicKey
  const header = encoded({ alg, typ: 'JWT', kid: `${did}#key-1` })
  const signed = (claims: object): string => compact(header, claims, privateKey)
  const document = JSON.stringify(documentOf(did, jwk))
  const server = createServer(({ url = '' }, answer) => {
    const [type, body] = url.startsWith('/lists/')
      ? ['application/vc+jwt', signed(listOf(did, `http://${host}${url}`))]
      : ['application/did+json', document]
    answer.writeHead(200, { 'Content-Type': type }).end(body)
  }).listen(port, 'localhost')
  await once(server, 'listening')
  return {
    did,
    host,
    keySegment: keySegmentOf(jwk),
    credential: (list) => signed(credentialOf(did, `http://${host}/lists/${list}`)),
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

const now = (): number => Math.floor(Date.now() / 1000)

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function compact(header: string, claims: object, key: KeyObject): string {
  const input = `${header}.${encoded(claims)}`
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  const signature = sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

function documentOf(did: string, publicKeyJwk: PublicKey): object {
  const method = { id: `${did}#key-1`, type: 'JsonWebKey', controller: did }
  return {
    '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
    id: did,
    verificationMethod: [{ ...method, publicKeyJwk }],
    assertionMethod: [method.id],
  }
}

const listOf = (did: string, id: string): object => ({
  iss: did,
  jti: id,
  nbf: now(),
  exp: now() + LIFETIME_SECONDS,
  vc: {
    '@context': [CONTEXT],
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    credentialSubject: {
      id: `${id}#list`,
      type: 'BitstringStatusList',
      statusPurpose: 'revocation',
      encodedList: `u${gzipSync(Buffer.alloc(STATUS_LIST_ENTRIES / 8)).toString('base64url')}`,
    },
  },
})

let issued = 0

function credentialOf(did: string, list: string): object {
  const { id: subject, ...entity } = legalEntity(++issued).credential.credentialSubject
  const index = String((issued * KIB) % STATUS_LIST_ENTRIES)
  return {
    iss: did,
    sub: subject,
    jti: `https://issuer.example/credentials/${randomUUID()}`,
    nbf: now(),
    exp: now() + LIFETIME_SECONDS,
    vc: {
      '@context': [CONTEXT],
      type: ['VerifiableCredential', 'LsoLegalEntityCredential'],
      credentialSubject: entity,
      credentialStatus: {
        id: `${list}#${index}`,
        type: 'BitstringStatusListEntry',
        statusPurpose: 'revocation',
        statusListIndex: index,
        statusListCredential: list,
      },
    },
  }
}
