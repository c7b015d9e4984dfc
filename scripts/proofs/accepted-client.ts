import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { didKeyOf } from '../../src/adapters/did/did-key-of.ts'
import { publicJwk } from '../../src/domain/jwk.ts'
import type { RegisteredClient } from '../../src/domain/registration/registered-client.ts'
import { epochSeconds, later } from '../../src/domain/time.ts'

/** A client with a did:key of its own, as a verifier's authorization server meets it. */
export interface AcceptedClient {
  readonly did: string
  /** The raw public key, base64url. */
  readonly x: string
  /** A compact JWS over `claims`, signed with the client's key; of no kind in particular without `typ`. */
  sign(claims: object, typ?: string): string
}

const REDIRECT_URI = 'https://buyer.example/callback'
const now = (): number => Math.floor(Date.now() / 1000)

/** A client that nobody has accepted yet. */
export function newClient(): AcceptedClient {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const jwk = publicJwk(publicKey.export({ format: 'jwk' }))
  if (!jwk.ok || jwk.value.kty !== 'OKP') throw new Error('Node made a key that is refused')
  const did = didKeyOf(jwk.value)
  const header = (typ?: string): string =>
    encoded({ alg: 'EdDSA', kid: kidOf(did), ...(typ === undefined ? {} : { typ }) })
  return { did, x: jwk.value.x, sign: (claims, typ) => signed(header(typ), claims, privateKey) }
}

/**
 * Writes clients into the state of the only verifier in `dataDir`, where a decision would put them. What
 * is proved and measured is what comes after; the service may be running.
 */
export function accept(dataDir: string, clients: readonly AcceptedClient[]): void {
  const folder = join(dataDir, 'lso-trust-VerifierObject')
  const file = readdirSync(folder).find((name) => /^[0-9a-f]{64}\.sqlite$/.test(name))
  if (file === undefined) throw new Error('there is no verifier')
  const database = new DatabaseSync(join(folder, file))
  const insert = database.prepare('INSERT INTO client (client_id, record) VALUES (?, ?)')
  for (const client of clients) insert.run(client.did, JSON.stringify(recordOf(client)))
  database.close()
}

/** The claims of an assertion for `aud`, with a `jti` of its own. */
export const assertionClaims = ({ did }: AcceptedClient, aud: string) => ({
  iss: did,
  sub: did,
  aud,
  jti: randomUUID(),
  iat: now(),
  exp: now() + 300,
})

/** The claims of a request object for `aud`, without a `jti`. */
export const requestClaims = ({ did }: AcceptedClient, aud: string) => ({
  iss: did,
  aud,
  nbf: now(),
  exp: now() + 3_600,
  client_id: did,
  response_type: 'code',
  redirect_uri: REDIRECT_URI,
  scope: 'openid',
  state: randomUUID(),
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
})

const kidOf = (did: string): string => `${did}#${did.slice('did:key:'.length)}`

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

function signed(header: string, claims: object, key: KeyObject): string {
  const input = `${header}.${encoded(claims)}`
  return `${input}.${sign(null, Buffer.from(input), key).toString('base64url')}`
}

function recordOf({ did, x }: AcceptedClient): object {
  const at = epochSeconds(now())
  return {
    clientId: did as RegisteredClient['clientId'],
    keys: [{ kid: kidOf(did), alg: 'EdDSA', jwk: { kty: 'OKP', crv: 'Ed25519', x } }],
    redirectUris: [REDIRECT_URI],
    profile: 'fapi2',
    scopes: ['openid'],
    legalEntity: {
      legalName: 'Example Buyer Ltd',
      country: 'DE',
      credentialId: undefined,
      issuer: 'did:web:registry.example',
    },
    roles: ['Buyer'],
    interfaces: ['Sonata'],
    status: 'active',
    reason: undefined,
    since: at,
    evaluatedAt: at,
    decisionId: randomUUID(),
    validUntil: later(at, 86_400),
    registeredAt: at,
  } satisfies RegisteredClient
}
