import { createApp } from '../../src/app.ts'
import { createSigner } from '../../src/adapters/jose/signer.ts'
import { readSigningKeys } from '../../src/adapters/jose/signing-keys.ts'
import { envelopedCredential } from '../../src/domain/credential/enveloped.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/domain/json/strict-json.ts'
import { listed } from '../../src/domain/json/values.ts'
import { createChallenge } from '../../src/use-cases/challenge.ts'
import { putPolicy } from '../../src/use-cases/put-policy.ts'
import type { TrustPolicy } from '../../src/domain/trust/policy.ts'
import { currentPolicy } from '../../src/use-cases/verification-context.ts'
import type { Ports } from '../../src/ports/index.ts'
import { fakeFetch, type FakeFetch } from './fake-fetch.ts'
import { generateKey } from './generated-keys.ts'
import { present as presentBy } from './presenting.ts'
import { present } from './registered-clients.ts'
import { AUDIENCE, aWorld, legalEntity, NOW, type Party } from './world.ts'

export const CALLBACK = 'https://buyer.example.com/callback'
export const OTHER_CALLBACK = 'https://buyer.example.com/other'

/** Somebody with a did:web of one key, whose services lead to `endpoints`; the fetch serves its document. */
async function aWebParty(
  fetch: FakeFetch,
  host: string,
  endpoints: readonly Json[],
): Promise<Party & { publish(change: JsonObject): void }> {
  const { jwk, privateJwk } = await generateKey('EdDSA')
  const keys = readSigningKeys(JSON.stringify({ keys: [{ ...privateJwk, kid: 'k1' }] }))
  if (!keys.ok) throw new Error(keys.refusal.fault)
  const signer = createSigner(keys.value)
  const did = `did:web:${host}`
  const kid = `${did}#k1`
  const publish = (change: JsonObject) => {
    const json = {
      '@context': ['https://www.w3.org/ns/did/v1'],
      id: did,
      verificationMethod: [
        { id: kid, type: 'JsonWebKey', controller: did, publicKeyJwk: { ...jwk } },
      ],
      assertionMethod: [kid],
      authentication: [kid],
      service: endpoints.map((serviceEndpoint, at) => ({
        id: `${did}#s${String(at)}`,
        type: 'OAuthRedirect',
        serviceEndpoint,
      })),
      ...change,
    }
    fetch.answers.set(`https://${host}/.well-known/did.json`, { json })
  }
  publish({})
  return {
    did,
    kid,
    publish,
    sign: (header, payload) => signer.sign('k1', { kid, ...header }, payload),
  }
}

/** A seller's front door, and a buyer with a did:web, two redirect URIs and a credential of the registrar. */
export async function aRegistrationWorld(otherwise: (ports: Ports) => Partial<Ports> = () => ({})) {
  const fetch = fakeFetch()
  const world = await aWorld({ fetch })
  const ports: Ports = { ...world.ports, ...otherwise(world.ports) }
  const client = await aWebParty(fetch, 'buyer.example.com', [CALLBACK, { uri: OTHER_CALLBACK }])
  const app = createApp(ports, { adminTokenHash: new Uint8Array(32), clientIpHeader: undefined })
  const { token, stored } = await world.issue({ credential: legalEntity(client.did) })
  const challenge = () => createChallenge(ports, world.seller).challenge
  const presented = (change: JsonObject = {}, credentials: readonly Json[] = [token]) =>
    presentBy(client, credentials.map(enveloped), challenge(), change)
  let jtis = 0
  return {
    ...world,
    ports,
    app,
    fetch,
    client,
    token,
    credentialId: stored.credentialId,
    /** Somebody else with a did:web of its own. */
    party: (host: string) => aWebParty(fetch, host, [`https://${host}/callback`]),
    challenge,
    presented,
    /** A software statement without fault, signed by `by` about the client. */
    statement: (by: Party, change: Readonly<Record<string, Json | undefined>> = {}) =>
      by.sign(
        { typ: 'software-statement+jwt' },
        present({
          iss: by.did,
          sub: client.did,
          aud: AUDIENCE,
          iat: NOW,
          exp: NOW + 300,
          jti: `statement-${String(++jtis)}`,
          software_id: 'quoting',
          ...change,
        }),
      ),
    policy: async (change: Partial<TrustPolicy>) => {
      const { policy } = await currentPolicy(ports, world.seller)
      await putPolicy(ports, world.seller, { ...policy, ...change }, world.change())
    },
    post: async (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) => {
      const answer = await app.request(`https://trust.example/verifiers/seller${path}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
      const text = await answer.text()
      const json = JSON.parse(text) as Json
      return {
        status: answer.status,
        text,
        body: isJsonObject(json) ? json : {},
      }
    },
  }
}

export type RegistrationWorld = Awaited<ReturnType<typeof aRegistrationWorld>>

/** A compact credential as a presentation holds it. */
export const enveloped = (token: Json): Json =>
  typeof token === 'string' ? envelopedCredential(token) : token

/** Codes of all findings of an answer. */
export const codesOf = (body: JsonObject): readonly Json[] =>
  listed(body['checks']).flatMap((one) =>
    isJsonObject(one) && one['code'] !== undefined ? [one['code']] : [],
  )
