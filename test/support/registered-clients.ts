import { parseDid } from '../../src/domain/did/did.ts'
import type { RegisteredClient } from '../../src/domain/registration/registered-client.ts'
import { algorithmOf } from '../../src/domain/jwk.ts'
import { later } from '../../src/domain/time.ts'
import { didOf } from './did-documents.ts'
import { AUDIENCE, aParty, aWorld, NOW, type Party } from './world.ts'
import type { Json, JsonObject } from '../../src/domain/json/strict-json.ts'
import type { Ports } from '../../src/ports/index.ts'
import type { PublicJwk } from '../../src/domain/jwk.ts'

export const REDIRECT_URI = 'https://buyer.example.com/callback'

/** A client that was accepted at `NOW`; each test changes what it is about. */
export function aClient(
  { did, kid, jwk }: Pick<Party, 'did' | 'kid'> & { readonly jwk: PublicJwk },
  change: Partial<RegisteredClient> = {},
): RegisteredClient {
  const alg = algorithmOf(jwk)
  if (alg === undefined) throw new Error('the key signs nothing')
  return {
    clientId: didOf(did),
    keys: [{ kid, alg, jwk }],
    redirectUris: [REDIRECT_URI],
    profile: 'fapi2',
    scopes: ['openid', 'lso:quote'],
    legalEntity: {
      legalName: 'Example Buyer Ltd',
      country: 'DE',
      credentialId: 'https://trust.example/issuers/registrar/credentials/c1',
      issuer: didOf('did:web:trust.example:issuers:registrar'),
    },
    roles: ['Buyer'],
    interfaces: ['Sonata'],
    status: 'active',
    reason: undefined,
    since: NOW,
    evaluatedAt: NOW,
    decisionId: 'decision-1',
    validUntil: later(NOW, 365 * 24 * 60 * 60),
    registeredAt: NOW,
    ...change,
  }
}

/** The key that a did:key of our parties holds. */
export async function keyOf(ports: Pick<Ports, 'didResolver'>, party: Party): Promise<PublicJwk> {
  const did = parseDid(party.did)
  const resolved = did.ok ? await ports.didResolver.resolve(did.value) : did
  const key = resolved.ok
    ? resolved.value.document.verificationMethods.get(party.kid)?.publicKeyJwk
    : undefined
  if (key === undefined) throw new Error('the party has no key')
  return key
}

/** A world in which the buyer is a client of the seller; `register` accepts others, or it anew. */
export async function aClientWorld(change: Partial<RegisteredClient> = {}) {
  const world = await aWorld()
  const { ports, seller, buyer } = world
  const register = async (party: Party, changed: Partial<RegisteredClient> = {}) => {
    const client = aClient({ ...party, jwk: await keyOf(ports, party) }, changed)
    const put = await ports.verifiers.putClient(seller.id, client, world.change())
    if (!put.ok) throw new Error(put.refusal.reason)
    return put.value.value
  }
  return { ...world, register, client: await register(buyer, change), stranger: await aParty() }
}

export type ClientWorld = Awaited<ReturnType<typeof aClientWorld>>

/** Without the members that are `undefined`, as JSON has them. */
export const present = (members: Readonly<Record<string, Json | undefined>>): JsonObject =>
  Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined),
  )

let jtis = 0

/** The claims of a good assertion of `did`, each time with a `jti` of its own. */
export const assertionClaims = (
  did: string,
  change: Readonly<Record<string, Json | undefined>> = {},
): JsonObject =>
  present({
    iss: did,
    sub: did,
    aud: AUDIENCE,
    jti: `jti-${String(++jtis)}`,
    iat: NOW,
    exp: NOW + 60,
    ...change,
  })

/** The claims of a good FAPI 2.0 request object of `did`. */
export const requestClaims = (
  did: string,
  change: Readonly<Record<string, Json | undefined>> = {},
): JsonObject =>
  present({
    iss: did,
    aud: AUDIENCE,
    nbf: NOW,
    exp: NOW + 300,
    client_id: did,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: 'openid lso:quote',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
    ...change,
  })

/** The claims of a good request object of the hybrid flow of W128. */
export const hybridClaims = (
  did: string,
  change: Readonly<Record<string, Json | undefined>> = {},
): JsonObject =>
  requestClaims(did, {
    response_type: 'code id_token',
    nonce: 'n-0S6_WzA2Mj',
    code_challenge: undefined,
    code_challenge_method: undefined,
    claims: {
      id_token: {
        meflso_intent_id: { value: 'intent-1', essential: true },
        acr: { values: ['urn:meflso:sca', 'urn:meflso:ca'], essential: true },
      },
    },
    ...change,
  })
