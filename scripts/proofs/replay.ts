import { parseArgs } from 'node:util'
import { call } from '../demo/http.ts'
import { accept, assertionClaims } from './accepted-client.ts'
import { conclude, inParallel, provedService } from './proving.ts'
import { AUDIENCE, aSeller, presentation, statement } from './registering.ts'

/**
 * Goal G4: each of many values that count once is used many times at once, over the production bundle on
 * plain workerd: the `jti`s of client assertions, or in registrations the challenges of presentations, or
 * the `jti`s of software statements. Exactly one use of each is accepted, and the service answers every
 * one; after a new start over the same state none of them is accepted again. Prints its figures as JSON;
 * exits 1 when one is wrong.
 */
const { values } = parseArgs({
  options: {
    values: { type: 'string', default: '1000' },
    uses: { type: 'string', default: '64' },
    of: { type: 'string', default: 'assertions' },
  },
})
const [count, uses] = [Number(values.values), Number(values.uses)]

const isAccepted = (status: number): boolean => status === 200 || status === 201
const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

const proved = await provedService({})
const { url, dataDir } = proved
const CHECK = `${url}/verifiers/seller/client-assertions/verify`
let service = await proved.start()
const seller = await aSeller(proved)
const client = await seller.applicant()
accept(dataDir, [client])

/** One value that counts once, as often as it is asked for. */
type Value = () => Promise<number>
const VALUES: Readonly<Record<string, () => Promise<Value>>> = {
  assertions: async () => {
    const body = {
      client_assertion_type: TYPE,
      client_assertion: client.sign(assertionClaims(client, AUDIENCE)),
    }
    return async () => (await call('POST', CHECK, { token: seller.token, body })).status
  },
  challenges: async () => {
    const body = { presentation: presentation(client, await seller.challenge()) }
    return () => registered(body)
  },
  statements: async () => {
    const software_statement = statement(client)
    return async () =>
      registered({
        presentation: presentation(client, await seller.challenge()),
        software_statement,
      })
  },
}
const value = VALUES[values.of]
if (value === undefined) throw new Error(`--of is one of ${Object.keys(VALUES).join(', ')}`)

const used: Value[] = []
let [accepted, refused, other, acceptedTwice, neverAccepted] = [0, 0, 0, 0, 0]
await inParallel('values', { count, parallel: 1 }, async () => {
  const use = await value()
  used.push(use)
  const statuses = await Promise.all(Array.from({ length: uses }, use))
  const passed = statuses.filter(isAccepted).length
  accepted += passed
  refused += statuses.filter((status) => status === 400).length
  other += statuses.filter((status) => !isAccepted(status) && status !== 400).length
  if (passed > 1) acceptedTwice++
  if (passed === 0) neverAccepted++
})
await service.kill()
service = await proved.start()
const again = await Promise.all(used.slice(-uses).map((use) => use()))
const acceptedAfterRestart = again.filter(isAccepted).length
await service.stop()
proved.forget()
conclude(
  { of: values.of, values: count, uses, accepted, refused },
  { acceptedTwice, neverAccepted, other, acceptedAfterRestart },
)

async function registered(body: object): Promise<number> {
  return (await seller.register(body)).status
}
