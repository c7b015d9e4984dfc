import { openForeignIssuer, type ForeignIssuer } from '../foreign-issuer.ts'
import { forkedServer } from '../forked-server.ts'
import { legalEntity, newInstance, post } from '../instances.ts'
import type { BenchAlgorithm } from '../public-key.ts'
import type { Call, Scenario, Stage, Suite } from '../scenario.ts'

/** Lists that the foreign credentials are spread over, and other anchors that the policy names. */
const [LISTS, ANCHORS] = [100, 500]
/** Tokens that are made before they are wanted: signing is the generator's cost, and uses its core. */
const STOCK = 30_000
/** Where nothing is remembered of a token, so many serve in turn. */
const DIFFERENT = 2_000
/** More than the isolate remembers, so that none is remembered when its turn comes again. */
const ISSUED_HERE = 3_000
/** Asked for at a time while the stage is set. */
const AT_A_TIME = 16

/** The two algorithms of the profile that did-jwt-vc reads, each with the operator's key of its kind. */
const KIDS: Readonly<Record<BenchAlgorithm, string>> = { EdDSA: 'dev-ed25519', ES256: 'dev-p256' }

/**
 * `credentials/verify`, beside the least that it could cost and beside what others use, all over the
 * same credentials: legal entities in VCDM 1.1 JWTs, the only form that did-jwt-vc reads.
 */
export default async function verify(): Promise<Suite> {
  const library = await forkedServer('did-jwt-vc')
  const [edDsa, es256] = await Promise.all([signedBy('EdDSA', library), signedBy('ES256', library)])
  return {
    scenarios: [...edDsa.scenarios, ...es256.scenarios],
    floors: [...edDsa.floors, ...es256.floors],
    beside: [
      { name: 'verify-floor', durableObjects: [{ binding: 'ROWS', className: 'Rows' }] },
      { name: 'did-jwt-vc' },
    ],
    variables: { DID_WEB_LOCAL_HOSTS: `${edDsa.issuer.host},${es256.issuer.host}` },
    close: async () => {
      await library.close()
      await Promise.all([edDsa.issuer.close(), es256.issuer.close()])
    },
  }
}

type OfAlgorithm = Required<Pick<Suite, 'scenarios' | 'floors'>> & {
  readonly issuer: ForeignIssuer
}

/** The scenarios and their floors over credentials that are signed with `alg`. */
async function signedBy(
  alg: BenchAlgorithm,
  library: Awaited<ReturnType<typeof forkedServer>>,
): Promise<OfAlgorithm> {
  const parseAndVerify = `${alg} floor A: parse, one verification, JSON answer`
  const andRead = `${alg} floor B: as A, and one Durable Object read`
  const foreign = `${alg} foreign, document and list in the cache, each token new`
  const overMany = `${alg} the same over ${LISTS} lists, under a policy of ${ANCHORS} anchors`
  const seen = `${alg} the same token again: its signature is remembered`
  const here = `${alg} issued here, status of now, ${ISSUED_HERE} in turn`
  const libraryInWorkerd = `${alg} did-jwt-vc inside workerd`
  const libraryOnNode = `${alg} did-jwt-vc behind node:http`

  const issuer = await openForeignIssuer(alg)
  const fresh = inStock(issuer, 1)
  const spread = inStock(issuer, LISTS)
  const turns = inTurn(Array.from({ length: DIFFERENT }, () => issuer.credential(0)))
  let verifier: Promise<Verifier> | undefined
  const id = alg.toLowerCase()
  const trusting = (stage: Stage) => (verifier ??= verifierOf(stage, `few-${id}`, [issuer.did]))
  const beside = (name: string, at: Scenario['at'], path: string): Scenario => ({
    name,
    status: 200,
    ...(at === undefined ? {} : { at }),
    prepare: async () => () =>
      post(`${path}${issuer.keySegment}`, '', { verifiableCredential: turns() }),
  })
  const check = (
    name: string,
    by: (stage: Stage) => Promise<Verifier>,
    next: () => string,
  ): Scenario => ({ name, status: 200, prepare: async (stage) => checks(await by(stage), next) })
  const many = (stage: Stage) => verifierOf(stage, `many-${id}`, [...others(), issuer.did])
  return {
    issuer,
    scenarios: [
      beside(parseAndVerify, 'verify-floor', '/verify/'),
      check(foreign, trusting, fresh),
      check(overMany, many, spread),
      check(seen, trusting, inTurn([issuer.credential(0)])),
      beside(andRead, 'verify-floor', '/read/'),
      { name: here, status: 200, prepare: (stage) => issuedHere(stage, alg) },
      beside(libraryInWorkerd, 'did-jwt-vc', '/'),
      beside(libraryOnNode, library.server, '/'),
    ],
    floors: [
      { scenario: foreign, against: parseAndVerify, atLeast: 0.7 },
      { scenario: overMany, against: foreign, atLeast: 0.9 },
      { scenario: here, against: andRead, atLeast: 0.8 },
      ...[foreign, here].flatMap((scenario) => [
        { scenario, against: libraryInWorkerd, atLeast: 3.5 },
        { scenario, against: libraryOnNode, atLeast: 8 },
      ]),
    ],
  }
}

interface Verifier {
  readonly id: string
  readonly token: string
}

async function verifierOf(stage: Stage, id: string, dids: readonly string[]): Promise<Verifier> {
  const anchors = dids.map((did) => ({ did, types: ['LsoLegalEntityCredential'] }))
  const settings = { id, audience: `https://${id}.example`, policy: { anchors } }
  const { token } = await newInstance(stage, 'verifiers', settings)
  return { id, token }
}

const others = (): readonly string[] =>
  Array.from({ length: ANCHORS - 1 }, (_, n) => `did:web:localhost%3A1:issuers:anchor-${n}`)

const checks =
  ({ id, token }: Verifier, next: () => string) =>
  (): Call =>
    post(`/verifiers/${id}/credentials/verify`, token, { verifiableCredential: next() })

/** Credentials of an issuer of this deployment, and a verifier that trusts it. */
async function issuedHere(stage: Stage, alg: BenchAlgorithm): Promise<() => Call> {
  const id = `here-${alg.toLowerCase()}`
  const settings = { id, keys: [KIDS[alg]], securing: 'jwt_vc' }
  const { did, token } = await newInstance(stage, 'issuers', settings)
  const tokens: string[] = []
  while (tokens.length < ISSUED_HERE)
    tokens.push(
      ...(await Promise.all(Array.from({ length: AT_A_TIME }, () => issued(stage, id, token)))),
    )
  return checks(await verifierOf(stage, id, [did]), inTurn(tokens))
}

let subjects = 0

async function issued(stage: Stage, issuer: string, token: string): Promise<string> {
  const { credential } = legalEntity(++subjects)
  const body = {
    credential: { ...credential, '@context': ['https://www.w3.org/2018/credentials/v1'] },
  }
  const answer = await stage.ask(post(`/issuers/${issuer}/credentials/issue`, token, body), 201)
  return (answer as { verifiableCredential: string }).verifiableCredential
}

function inStock(issuer: ForeignIssuer, lists: number): () => string {
  let made = 0
  const make = () => issuer.credential(made++ % lists)
  const stock = Array.from({ length: STOCK }, make)
  return () => stock.pop() ?? make()
}

function inTurn(tokens: readonly string[]): () => string {
  let turn = 0
  return () => tokens[turn++ % tokens.length] ?? ''
}
