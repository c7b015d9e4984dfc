import { parseDid } from '../../src/domain/did/did.ts'
import type { RegisteredClient } from '../../src/domain/registration/registered-client.ts'
import { algorithmOf } from '../../src/domain/jwk.ts'
import { later } from '../../src/domain/time.ts'
import type { Change } from '../../src/ports/change.ts'
import type { ClientLook } from '../../src/ports/client-following.ts'
import type { SealedDecision } from '../../src/ports/decisions.ts'
import type { VerifierStore } from '../../src/ports/verifier-store.ts'
import { didOf } from './did-documents.ts'
import { AUDIENCE, aParty, aWorld, NOW, type Party } from './world.ts'
import type { InstanceId } from '../../src/domain/instance/instance.ts'
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

const ALL = { atMost: 1_000, atMostOfOneClient: 1_000, since: later(NOW, -1_000) }

/** A decision by which the client was accepted; nobody has sealed it. */
export const aDecisionAbout = (
  { clientId, decisionId }: RegisteredClient,
  change: Partial<SealedDecision> = {},
): SealedDecision => ({
  id: decisionId,
  kind: 'registration',
  at: NOW,
  subject: clientId,
  verdict: 'valid',
  trust: 'trusted',
  policyVersion: 1,
  digest: 'digest',
  evidence: '{}',
  receipt: 'a.b.c',
  ...change,
})

/** Registers the client, which rests on nothing here, by this decision, or by one as it names it. */
export async function registerClient(
  store: Pick<VerifierStore, 'register'>,
  id: InstanceId,
  client: RegisteredClient,
  change: Change,
  decision: SealedDecision = aDecisionAbout(client),
) {
  const registration = { decision, client, holds: [], entries: [] }
  const registered = await store.register(id, registration, ALL, change)
  if (registered === 'superseded') throw new Error(registered)
  if (!registered.ok) throw new Error(registered.refusal.reason)
  return registered.value
}

/** A look that finds `client` in the place of what was there, without anything to look up again. */
const aLookThatFinds = (client: RegisteredClient, basedOn: number): ClientLook => ({
  basedOn,
  client,
  following: {
    clientId: client.clientId,
    decisionId: client.decisionId,
    credentials: [],
    settled: { status: 'active', reason: undefined, since: NOW, at: NOW },
    policyVersion: 1,
    own: [],
    evidenceAt: NOW,
    freshUntil: NOW,
    terms: undefined,
    digest: undefined,
    facts: undefined,
  },
  dueAt: NOW,
  snapshots: [],
  holds: [],
  entries: [],
})

/** Has a look at a registered client find this. */
export async function findClient(
  store: Pick<VerifierStore, 'followedClient' | 'keepLook'>,
  id: InstanceId,
  client: RegisteredClient,
  change: Change,
): Promise<void> {
  const { revision } = (await store.followedClient(id, client.clientId)) ?? { revision: 0 }
  const kept = await store.keepLook(id, aLookThatFinds(client, revision), change)
  if (kept !== 'kept') throw new Error(kept)
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

/**
 * A world in which the buyer is a client of the seller; `register` accepts others, or it anew, and `find`
 * has a look at one of them find this.
 */
export async function aClientWorld(change: Partial<RegisteredClient> = {}) {
  const world = await aWorld()
  const { ports, seller, buyer } = world
  let decisions = 0
  const register = async (party: Party, changed: Partial<RegisteredClient> = {}) => {
    const jwk = await keyOf(ports, party)
    const decisionId = `decision-${String(++decisions)}`
    const client = aClient({ ...party, jwk }, { decisionId, ...changed })
    await registerClient(ports.verifiers, seller.id, client, world.change())
    return client
  }
  const find = (client: RegisteredClient) =>
    findClient(ports.verifiers, seller.id, client, world.change())
  const client = await register(buyer, change)
  return { ...world, register, find, client, stranger: await aParty() }
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
