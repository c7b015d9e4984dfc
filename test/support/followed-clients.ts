import { createSigner } from '../../src/adapters/jose/signer.ts'
import { readSigningKeys } from '../../src/adapters/jose/signing-keys.ts'
import { clientView } from '../../src/domain/client/client-view.ts'
import { envelopedCredential } from '../../src/domain/credential/enveloped.ts'
import type { JsonObject } from '../../src/domain/json/strict-json.ts'
import type { RegisteredClient } from '../../src/domain/registration/registered-client.ts'
import { ok } from '../../src/domain/result.ts'
import { dateTimeStamp, later } from '../../src/domain/time.ts'
import { DEFAULT_POLICY, type TrustPolicy } from '../../src/domain/trust/policy.ts'
import type { SealedDecision } from '../../src/ports/decisions.ts'
import type { VerifierStore } from '../../src/ports/verifier-store.ts'
import { changeCredentialStatus } from '../../src/use-cases/change-credential-status.ts'
import { decidePresentation } from '../../src/use-cases/decide-verification.ts'
import { clientStatusNow } from '../../src/use-cases/follow-clients.ts'
import { didOf } from './did-documents.ts'
import { fakeFetch, type FakeFetch } from './fake-fetch.ts'
import { aForeignIssuer, bitstringList, type WantedList } from './foreign-issuer.ts'
import { generateKey } from './generated-keys.ts'
import { present } from './presenting.ts'
import { aClient, registerClient } from './registered-clients.ts'
import { AUDIENCE, aWorld, legalEntity, NOW, VCDM2, type Party } from './world.ts'

const DAY = 24 * 60 * 60
const INDEX = 94_567

/** What a buyer's document says. */
interface Published {
  readonly keys?: readonly string[]
  readonly redirectUris?: readonly string[]
  readonly change?: JsonObject
}

/** A buyer with a did:web whose document is served by the given fetch; each test publishes what it needs. */
async function aBuyer(fetch: FakeFetch, host: string) {
  const did = `did:web:${host}`
  const made = await Promise.all(
    ['key-1', 'key-2'].map(async (kid) => ({ kid, ...(await generateKey('EdDSA')) })),
  )
  const read = readSigningKeys(
    JSON.stringify({ keys: made.map(({ kid, privateJwk }) => ({ ...privateJwk, kid })) }),
  )
  if (!read.ok) throw new Error(read.refusal.fault)
  const signer = createSigner(read.value)
  const url = `https://${host}/.well-known/did.json`
  const publish = ({
    keys = ['key-1'],
    redirectUris = [`https://${host}/callback`],
    change = {},
  }: Published = {}) => {
    const json = {
      '@context': ['https://www.w3.org/ns/did/v1'],
      id: did,
      verificationMethod: made
        .filter(({ kid }) => keys.includes(kid))
        .map(({ kid, jwk }) => ({
          id: `${did}#${kid}`,
          type: 'JsonWebKey',
          controller: did,
          publicKeyJwk: { ...jwk },
        })),
      authentication: keys.map((kid) => `${did}#${kid}`),
      service: redirectUris.map((serviceEndpoint, at) => ({
        id: `${did}#s${String(at)}`,
        type: 'OAuthRedirect',
        serviceEndpoint,
      })),
      ...change,
    }
    fetch.answers.set(url, { json })
  }
  publish()
  const party: Party = {
    did,
    kid: `${did}#key-1`,
    sign: (header, payload) => signer.sign('key-1', { kid: `${did}#key-1`, ...header }, payload),
  }
  return { ...party, publish, documentUrl: url }
}

/**
 * A world in which buyers are clients of the seller by a kept decision. "own": the credential is of the
 * deployment's registrar; "foreign": of an issuer elsewhere with a list of its own.
 */
export async function aFollowedWorld(whose: 'own' | 'foreign', policy: Partial<TrustPolicy> = {}) {
  const fetch = fakeFetch()
  const world = await aWorld({ fetch, kids: ['k1', 'k2'] })
  const { ports, seller, registrar, change } = world
  const foreign = await aForeignIssuer(fetch, 'issuer.example')
  const putPolicy = async (more: Partial<TrustPolicy>) => {
    const put = await ports.verifiers.putPolicy(
      seller.id,
      {
        ...DEFAULT_POLICY,
        anchors: [registrar.did, didOf(foreign.did)].map((did) => ({
          did,
          types: ['LsoLegalEntityCredential'],
          validFrom: undefined,
          validUntil: undefined,
        })),
        ...policy,
        ...more,
      },
      change(),
    )
    if (!put.ok) throw new Error(put.refusal.reason)
  }
  await putPolicy({})

  const serveList = async (wanted: WantedList = {}) => {
    const at = ports.clock.now()
    const payload = await bitstringList(foreign, { at, ...wanted })
    const token = await foreign.sign({ typ: 'vc+jwt', cty: 'vc' }, payload)
    fetch.answers.set(foreign.listUrl, {
      bytes: new TextEncoder().encode(token),
      mediaType: 'application/vc+jwt',
    })
  }
  await serveList()

  const foreignCredential = (subject: string): Promise<string> =>
    foreign.sign(
      { typ: 'vc+jwt', cty: 'vc' },
      {
        '@context': [VCDM2, 'https://trust.example/contexts/lso/v1'],
        id: 'https://issuer.example/credentials/1',
        issuer: foreign.did,
        validFrom: dateTimeStamp(NOW),
        validUntil: dateTimeStamp(later(NOW, 400 * DAY)),
        credentialSchema: {
          id: 'https://trust.example/schemas/LsoLegalEntityCredential',
          type: 'JsonSchema',
        },
        ...legalEntity(subject),
        credentialStatus: {
          type: 'BitstringStatusListEntry',
          statusPurpose: 'revocation',
          statusListIndex: String(INDEX),
          statusListCredential: foreign.listUrl,
        },
      },
    )

  const ownCredential = async (subject: string) => {
    const { token, stored } = await world.issue({
      credential: legalEntity(subject),
      status: ['revocation', 'suspension'],
    })
    const set = async (purpose: 'revocation' | 'suspension', status: boolean) => {
      const wanted = { purpose, status, credentialId: stored.credentialId }
      await changeCredentialStatus(ports, registrar, wanted, change())
    }
    return { token, set }
  }

  let challenges = 0
  /** Accepts a buyer by a decision whose evidence is kept. */
  const accept = async (
    buyer: Party,
    tokens: readonly string[],
    more: Partial<RegisteredClient> = {},
  ): Promise<RegisteredClient> => {
    const challenge = `challenge-${String(++challenges)}`
    const now = ports.clock.now()
    const presentation = await present(buyer, tokens.map(envelopedCredential), challenge, {
      iat: now,
      exp: now + 120,
    })
    const sealed: SealedDecision[] = []
    // It is kept with the client, and not before.
    const keepDecision: VerifierStore['keepDecision'] = async (_, decision) => {
      sealed.push(decision)
      return ok({ value: decision.id, replayed: false })
    }
    const decided = await decidePresentation(
      { ...ports, verifiers: { ...ports.verifiers, keepDecision } },
      seller,
      presentation,
      { challenge, domain: AUDIENCE },
      change(),
    )
    if (!decided.ok) throw new Error(decided.refusal.reason)
    const [decision] = sealed
    if (decided.value.report.verdict !== 'valid' || decision === undefined)
      throw new Error('the presentation is not valid')
    const resolved = await ports.didResolver.resolve(didOf(buyer.did))
    if (!resolved.ok) throw new Error(resolved.refusal.reason)
    const { keys, redirectUris } = clientView(resolved.value.document, now)
    const [key] = keys
    if (key === undefined) throw new Error('the buyer has no key')
    const accepted = aClient(
      { ...buyer, jwk: key.jwk },
      {
        keys,
        redirectUris,
        decisionId: decision.id,
        since: now,
        evaluatedAt: now,
        validUntil: later(now, 365 * DAY),
        ...more,
      },
    )
    await registerClient(ports.verifiers, seller.id, accepted, change(), decision)
    return accepted
  }

  const buyer = await aBuyer(fetch, 'buyer.example')
  const own = whose === 'own' ? await ownCredential(buyer.did) : undefined
  const token = own?.token ?? (await foreignCredential(buyer.did))
  const client = await accept(buyer, [token])
  const { clientId } = client

  return {
    ...world,
    fetch,
    foreign,
    buyer,
    client,
    token,
    accept,
    aBuyer: (host: string) => aBuyer(fetch, host),
    ownCredential,
    putPolicy,
    serveList,
    /** Sets the status of the credential of the deployment's own issuer. */
    set: own?.set ?? (() => Promise.reject(new Error('the credential is not our own'))),
    status: async () => {
      const now = await clientStatusNow(ports, seller, clientId)
      if (now === undefined) throw new Error('no such client')
      return now
    },
    stored: async () => ports.verifiers.client(seller.id, clientId),
    feed: async () => {
      const read = await ports.verifiers.changesSince(seller.id, undefined, 1_000)
      if (typeof read === 'string') throw new Error(read)
      return read.rows.map(({ changed, status, reason }) => [changed, status, reason])
    },
    /** Every host is away from now on. */
    outage: () => {
      for (const url of fetch.answers.keys()) fetch.answers.set(url, { refusal: 'host_failed' })
    },
  }
}
