import { parseArgs } from 'node:util'
import { call, textAt } from '../demo/http.ts'
import { accept, assertionClaims, newClient } from './accepted-client.ts'
import { conclude, inParallel, provedService } from './proving.ts'

/**
 * Goal G4: each of many client assertions is used many times at once, over the production bundle on
 * plain workerd. Exactly one use of each is accepted, and the service answers every one; after a new
 * start over the same state none of them is accepted again. Prints its figures as JSON; exits 1 when
 * one is wrong.
 */
const { values } = parseArgs({
  options: {
    values: { type: 'string', default: '1000' },
    uses: { type: 'string', default: '64' },
  },
})
const [count, uses] = [Number(values.values), Number(values.uses)]

const AUDIENCE = 'https://as.example'
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

const proved = await provedService({})
const { url, adminToken, dataDir } = proved
let service = await proved.start()
const created = await call('POST', `${url}/admin/verifiers`, {
  token: adminToken,
  body: { id: 'seller', name: 'Example Seller', audience: AUDIENCE },
})
const token = textAt(created.body, 'token')
const client = newClient()
accept(dataDir, [client])

const used: string[] = []
let [accepted, refused, other, acceptedTwice, neverAccepted] = [0, 0, 0, 0, 0]
await inParallel('values', { count, parallel: 1 }, async () => {
  const assertion = client.sign(assertionClaims(client, AUDIENCE))
  used.push(assertion)
  const statuses = await Promise.all(Array.from({ length: uses }, () => use(assertion)))
  const passed = statuses.filter((status) => status === 200).length
  accepted += passed
  refused += statuses.filter((status) => status === 400).length
  other += statuses.filter((status) => status !== 200 && status !== 400).length
  if (passed > 1) acceptedTwice++
  if (passed === 0) neverAccepted++
})
await service.kill()
service = await proved.start()
const again = await Promise.all(used.slice(-uses).map(use))
const acceptedAfterRestart = again.filter((status) => status === 200).length
await service.stop()
proved.forget()
conclude(
  { values: count, uses, accepted, refused },
  { acceptedTwice, neverAccepted, other, acceptedAfterRestart },
)

/** The status of the answer to one use. */
async function use(assertion: string): Promise<number> {
  const { status } = await call('POST', `${url}/verifiers/seller/client-assertions/verify`, {
    token,
    body: { client_assertion_type: TYPE, client_assertion: assertion },
  })
  return status
}
