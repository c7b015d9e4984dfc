import { openClientHost } from '../client-host.ts'
import { didKeys } from '../did-keys.ts'
import { forkedServer } from '../forked-server.ts'
import { BARE, type Call, type Floor, type Scenario, type Suite } from '../scenario.ts'

/** Several times as many as an isolate keeps, so that none is in memory when its turn comes again. */
const DIFFERENT = 4_000

const CLIENT = 'GET clients/{did} (did:web, in the cache)'
const OURS = 'GET identifiers/{did}'
const OUR_CODE = 'our did:key code alone (same process)'
const LIBRARIES = 'did-resolver, key-did-resolver (Node, no cache)'

/** Resolution, side by side with the least that it could cost and with what others use. */
export default async function resolve(): Promise<Suite> {
  const client = await openClientHost()
  const libraries = await forkedServer('did-resolver')
  const keys = { Ed25519: didKeys('Ed25519', DIFFERENT), 'P-256': didKeys('P-256', DIFFERENT) }
  const scenario = (name: string, dids: readonly string[], at?: Scenario['at']): Scenario => ({
    name,
    status: 200,
    ...(at === undefined ? {} : { at }),
    prepare: async () => inTurn(dids.map((did) => get(`/1.0/identifiers/${did}`))),
  })
  const types = ['Ed25519', 'P-256'] as const
  return {
    scenarios: [
      {
        name: CLIENT,
        status: 200,
        prepare: async () => inTurn([get(`/clients/${encodeURIComponent(client.did)}`)]),
      },
      ...types.flatMap((type) => [
        scenario(`${OURS} (did:key, ${different(type)})`, keys[type]),
        scenario(`${OUR_CODE}, ${different(type)}`, keys[type], 'did-key'),
        scenario(`${OURS} (did:key, ${same(type)})`, keys[type].slice(0, 1)),
        scenario(`${OUR_CODE}, ${same(type)}`, keys[type].slice(0, 1), 'did-key'),
        scenario(`${LIBRARIES}, ${different(type)}`, keys[type], libraries.server),
      ]),
    ],
    floors: [{ scenario: CLIENT, against: BARE, atLeast: 0.7 }, ...types.flatMap(floorsOf)],
    beside: [{ name: 'did-key' }],
    variables: { DID_WEB_LOCAL_HOSTS: client.host },
    close: async () => {
      await libraries.close()
      await client.close()
    },
  }
}

const different = (type: string): string => `${type}, each time another`
const same = (type: string): string => `${type}, always the same`

const floorsOf = (type: string): readonly Floor[] => [
  {
    scenario: `${OURS} (did:key, ${different(type)})`,
    against: `${OUR_CODE}, ${different(type)}`,
    atLeast: 0.7,
  },
  {
    scenario: `${OURS} (did:key, ${same(type)})`,
    against: `${OUR_CODE}, ${same(type)}`,
    atLeast: 0.7,
  },
  {
    scenario: `${OURS} (did:key, ${same(type)})`,
    against: `${LIBRARIES}, ${different(type)}`,
    atLeast: 2,
  },
]

const get = (path: string): Call => ({ method: 'GET', path, headers: {} })

function inTurn(calls: readonly Call[]): () => Call {
  let turn = 0
  return () => calls[turn++ % calls.length] ?? get('/')
}
