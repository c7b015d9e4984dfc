import { randomUUID } from 'node:crypto'
import type { Call, Scenario, Stage, Suite, SuiteOptions } from '../scenario.ts'
import { legalEntity, newInstance, post } from '../instances.ts'
import { seededIssuer } from '../seeded-issuer.ts'

/** How many different credentials are checked in turn, so that no answer comes from the last one. */
const CHECKED = 200
/** Credentials in the issuer that is small. */
const FEW = 1_000

const FLOOR = 'floor: one Ed25519 signature, one durable insert'
const ALONE = ', 1 connection'

/** Issuing and checking, beside the least that issuing can cost, in a small issuer and in a large one. */
export default async function issue({ credentials }: SuiteOptions): Promise<Suite> {
  const issuing = (among: number) => `POST credentials/issue among ${among}`
  const checking = (among: number) => `POST credentials/verify among ${among}`
  const issuers = new Map<number, Promise<Issuer>>()
  /** Seeded when it is first asked for. */
  const issuerOf = (stage: Stage, among: number): Promise<Issuer> => {
    const issuer = issuers.get(among) ?? seededIssuer(stage, `among-${among}`, among)
    issuers.set(among, issuer)
    return issuer
  }
  const floor = { status: 201, at: 'floor', prepare: async () => floorCalls() }
  const issue = (among: number) => ({
    status: 201,
    prepare: async (stage: Stage) => issueCalls(among, await issuerOf(stage, among)),
  })
  const check = (among: number): Scenario => ({
    name: checking(among),
    status: 200,
    prepare: async (stage) => checkCalls(stage, among, await issuerOf(stage, among)),
  })
  return {
    scenarios: [
      { ...floor, name: FLOOR },
      { ...issue(FEW), name: issuing(FEW) },
      { ...issue(credentials), name: issuing(credentials) },
      { ...floor, name: `${FLOOR}${ALONE}`, connections: 1 },
      { ...issue(FEW), name: `${issuing(FEW)}${ALONE}`, connections: 1 },
      { ...issue(credentials), name: `${issuing(credentials)}${ALONE}`, connections: 1 },
      check(FEW),
      check(credentials),
    ],
    floors: [
      { scenario: issuing(FEW), against: FLOOR, atLeast: 0.6 },
      { scenario: issuing(credentials), against: FLOOR, atLeast: 0.6 },
      { scenario: issuing(credentials), against: issuing(FEW), atLeast: 0.8 },
      { scenario: checking(credentials), against: checking(FEW), atLeast: 0.8 },
    ],
    beside: [{ name: 'floor', durableObjects: [{ binding: 'TOKENS', className: 'Tokens' }] }],
    variables: {},
    close: async () => undefined,
  }
}

interface Issuer {
  readonly did: string
  readonly token: string
}

let subjects = 0

/** A body that nothing else has been sent with. */
const nextBody = () => legalEntity(++subjects)

const floorCalls = (): (() => Call) => () => post('/', '', nextBody())

/** Each under a key of its own, so that a mark is written too. */
function issueCalls(among: number, { token }: Issuer): () => Call {
  const path = `/issuers/among-${among}/credentials/issue`
  return () => {
    const { headers, ...call } = post(path, token, nextBody())
    return { ...call, headers: { ...headers, 'Idempotency-Key': randomUUID() } }
  }
}

/** By a verifier that trusts the issuer. */
async function checkCalls(stage: Stage, among: number, issuer: Issuer): Promise<() => Call> {
  const id = `checks-${among}`
  const anchors = [{ did: issuer.did, types: ['LsoLegalEntityCredential'] }]
  const audience = `https://as-${among}.example`
  const verifier = await newInstance(stage, 'verifiers', { id, audience, policy: { anchors } })
  const next = issueCalls(among, issuer)
  const calls: Call[] = []
  for (let n = 0; n < CHECKED; n++) {
    const issued = await stage.ask(next(), 201)
    calls.push(post(`/verifiers/${id}/credentials/verify`, verifier.token, issued))
  }
  let turn = 0
  return () => calls[turn++ % calls.length] ?? next()
}
