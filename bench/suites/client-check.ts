import {
  accept,
  assertionClaims,
  newClient,
  requestClaims,
  type AcceptedClient,
} from '../../scripts/proofs/accepted-client.ts'
import { newInstance, post } from '../instances.ts'
import type { Call, Stage, Suite } from '../scenario.ts'

const AUDIENCE = 'https://as.example'
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

const ASSERTION = 'POST client-assertions/verify, each another jti'
const ASSERTION_FLOOR = 'floor: one Ed25519 verification, one durable insert'
const REQUEST = 'POST request-objects/verify, no jti'
const REQUEST_FLOOR = 'floor: one Ed25519 verification'

/**
 * What an authorization server asks at each request of its clients, beside the least that it could
 * cost. Tokens are signed while nothing is measured; one with a `jti` is sent once.
 */
export default async function clientCheck(): Promise<Suite> {
  const client = newClient()
  const floor = 'client-floor'
  let verifier: Promise<string> | undefined
  /** The token of the verifier that has accepted the client; made when it is first asked for. */
  const accepted = (stage: Stage): Promise<string> => (verifier ??= verifierOf(stage, client))
  const assertions = inStock(() => client.sign(assertionClaims(client, AUDIENCE)))
  const requests = inTurn(() => client.sign(requestClaims(client, AUDIENCE)))
  const toFloor = (kind: string, next: () => string) => async () => (): Call => ({
    method: 'POST',
    path: `/${kind}/${client.x}`,
    headers: { 'Content-Type': 'application/jwt' },
    body: next(),
  })
  return {
    scenarios: [
      { name: ASSERTION_FLOOR, status: 200, at: floor, prepare: toFloor('mark', assertions) },
      {
        name: ASSERTION,
        status: 200,
        prepare: async (stage) => {
          const token = await accepted(stage)
          return () =>
            post('/verifiers/seller/client-assertions/verify', token, {
              client_id: client.did,
              client_assertion_type: TYPE,
              client_assertion: assertions(),
            })
        },
      },
      { name: REQUEST_FLOOR, status: 200, at: floor, prepare: toFloor('verify', requests) },
      {
        name: REQUEST,
        status: 200,
        prepare: async (stage) => {
          const token = await accepted(stage)
          return () =>
            post('/verifiers/seller/request-objects/verify', token, {
              client_id: client.did,
              request: requests(),
              parameters: { client_id: client.did },
            })
        },
      },
    ],
    floors: [
      { scenario: ASSERTION, against: ASSERTION_FLOOR, atLeast: 0.7 },
      { scenario: REQUEST, against: REQUEST_FLOOR, atLeast: 0.7 },
    ],
    beside: [{ name: floor, durableObjects: [{ binding: 'MARKS', className: 'Marks' }] }],
    variables: {},
    close: async () => undefined,
  }
}

async function verifierOf(stage: Stage, client: AcceptedClient): Promise<string> {
  const { token } = await newInstance(stage, 'verifiers', { id: 'seller', audience: AUDIENCE })
  accept(stage.dataDir, [client])
  return token
}

/** Tokens that are made before they are wanted: signing is the generator's cost, and uses its core. */
const STOCK = 80_000
/** Different request objects: nothing that a token brings is remembered without a `jti`. */
const DIFFERENT = 2_000

function inStock(make: () => string): () => string {
  const stock = Array.from({ length: STOCK }, make)
  return () => stock.pop() ?? make()
}

function inTurn(make: () => string): () => string {
  const made = Array.from({ length: DIFFERENT }, make)
  let turn = 0
  return () => made[turn++ % made.length] ?? make()
}
