import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { decodeProtectedHeader } from 'jose'
import { DID_WEB_CACHE_SECONDS, INSTANCE_CACHE_SECONDS } from '../../src/domain/limits.ts'
import { at, call, codesOf, textAt, type Json } from '../demo/http.ts'
import { createIssuer, draft, post, tokenIn } from './issuer.ts'
import { conclude, provedService } from './proving.ts'

/**
 * Goal G16: credentials are issued and verified all the time, by several verifiers, while their issuer
 * changes its key as planned, and then because the new key was compromised. Nobody ever refuses a good
 * credential. What the compromised key signed is refused by everybody as soon as a copy of the document
 * may live, and a second. With `--elsewhere` one of the verifiers belongs to another deployment, which
 * resolves the issuer over http. `--overlap` makes it short: the service takes less than its own caches
 * need only on localhost, where there are no others, so that it goes without `--elsewhere`. Prints its
 * figures as JSON; exits 1 when one that must be 0 is not.
 */
const { values } = parseArgs({
  options: {
    overlap: { type: 'string' },
    rate: { type: 'string', default: '50' },
    verifiers: { type: 'string', default: '3' },
    elsewhere: { type: 'boolean', default: false },
  },
})
const [first, second, third] = ['dev-ed25519', 'dev-p256', 'dev-rsa'] as const
const rate = Number(values.rate)

/** Where credentials are verified, and for how long a copy of the document may be in use there. */
interface Door {
  readonly url: string
  readonly token: string
  readonly copySeconds: number
}
interface Credential {
  readonly token: string
  readonly kid: string
}

const home = await provedService({
  ...(values.overlap === undefined ? {} : { KEY_OVERLAP_SECONDS: values.overlap }),
})
const away = await provedService({ DID_WEB_LOCAL_HOSTS: new URL(home.url).host })
const running = [await home.start(), ...(values.elsewhere ? [await away.start()] : [])]
const issuer = await createIssuer(home, 'rotating')
const names = Array.from({ length: Number(values.verifiers) }, (_, n) => `verifier-${String(n)}`)
const doors = await Promise.all(
  names.map((id) => openDoor(home.url, home.adminToken, id, INSTANCE_CACHE_SECONDS)),
)
if (values.elsewhere) {
  const longest = DID_WEB_CACHE_SECONDS + INSTANCE_CACHE_SECONDS
  doors.push(await openDoor(away.url, away.adminToken, 'verifier-elsewhere', longest))
}

const credentials: Credential[] = []
const falseInvalid = new Map<string, number>()
const signedBy = new Map<string, number>()
let [verified, refusedAsTheyMust, acceptedTooLong, longestAccepted] = [0, 0, 0, 0]
/** When the second key was compromised, in milliseconds of the wall clock. */
let compromisedAt = Infinity
let isRunning = true

await Promise.all(Array.from({ length: 20 }, issue))
const work = [every(1000 / rate, verifyAny), every(200, issueAndShow)]
await pause(2_000)
const planned = await post(issuer, '/keys/rotate', { kid: second })
const wait = Date.parse(textAt(planned.body, 'signing', 'from')) - Date.now()
process.stderr.write(`the new key is listed and signs in ${String(Math.round(wait / 1000))} s\n`)
await pause(wait / 2)
process.stderr.write(
  `${String(verified)} verified, ${String(falseInvalid.size)} kinds of failure\n`,
)
await pause(wait / 2 - 500)
const tooEarly = signedBy.get(second) ?? 0
await pause(500)
const before = signedBy.get(first) ?? 0
await pause(3_000)
const stillOld = (signedBy.get(first) ?? 0) - before
const late = signedBy.get(second) ?? 0
process.stderr.write(`the new key has signed ${String(late)}; now it is compromised\n`)

const compromise = await post(issuer, '/keys/rotate', {
  mode: 'compromise',
  compromised: second,
  kid: third,
})
compromisedAt = Date.now()
const live = at(compromise.body, 'withdrawn', 'liveCredentials')
await pause((Math.max(...doors.map(({ copySeconds }) => copySeconds)) + 3) * 1000)
isRunning = false
await Promise.all(work)
const lists = await Promise.all(
  ['vc+jwt', 'statuslist+jwt'].map((form) =>
    call('GET', `${issuer.url}/status-lists/revocation-1`, { accept: `application/${form}` }),
  ),
)

conclude(
  {
    verified,
    doors: doors.length,
    overlapSeconds: Math.round(wait / 1000),
    issued: Object.fromEntries(signedBy),
    liveWhenCompromised: live,
    refusedAsTheyMust,
    longestAcceptedMilliseconds: longestAccepted,
    codes: Object.fromEntries(falseInvalid),
  },
  {
    falseInvalid: [...falseInvalid.values()].reduce((sum, count) => sum + count, 0),
    acceptedTooLong,
    signedTooEarly: tooEarly,
    // One that was under way when the turn began may still be the old key's.
    signedTooLate: Math.max(0, stillOld - 1),
    neverSigned: late > 0 && refusedAsTheyMust > 0 ? 0 : 1,
    listsOfAnotherKey: lists.filter(({ body }) => typeof body !== 'string' || kidOf(body) !== third)
      .length,
  },
)
for (const service of running) await service.stop()
home.forget()
away.forget()

async function openDoor(
  url: string,
  token: string,
  id: string,
  copySeconds: number,
): Promise<Door> {
  const { body } = await call('POST', `${url}/admin/verifiers`, {
    token,
    body: { id, name: 'Example Verifier', audience: `https://${id}.example.com` },
  })
  return { url: `${url}/verifiers/${id}`, token: textAt(body, 'token'), copySeconds }
}

async function issue(): Promise<Credential> {
  const answer = await post(
    issuer,
    '/credentials/issue',
    draft(`urn:uuid:${crypto.randomUUID()}`, ['revocation']),
  )
  if (answer.status !== 201) throw new Error(`issue answered ${String(answer.status)}`)
  const token = tokenIn(answer.body)
  const credential = { token, kid: kidOf(token) }
  signedBy.set(credential.kid, (signedBy.get(credential.kid) ?? 0) + 1)
  credentials.push(credential)
  return credential
}

/** What is new is shown at once: its key may be new to the one who looks. */
async function issueAndShow(): Promise<void> {
  await verify(await issue())
}

/** Each key as often as any other, however few it signed. */
async function verifyAny(): Promise<void> {
  const kids = [...signedBy.keys()]
  const kid = kids[randomInt(kids.length)]
  const some = credentials.filter((one) => one.kid === kid)
  const credential = some[randomInt(some.length)]
  if (credential !== undefined) await verify(credential)
}

async function verify({ token, kid }: Credential): Promise<void> {
  const door = doors[randomInt(doors.length)]
  if (door === undefined) return
  const started = Date.now()
  const { body, status } = await call('POST', `${door.url}/credentials/verify`, {
    token: door.token,
    body: { verifiableCredential: token },
  })
  verified++
  const isAccepted = at(body, 'verified') === true
  const sinceRemoval = started - compromisedAt
  if (status !== 200 && status !== 400) note(body)
  else if (kid !== second || sinceRemoval < 0) {
    // One that was asked before the removal and answered after it may be either.
    const isUnclear = kid === second && Date.now() >= compromisedAt
    if (!isAccepted && !isUnclear) note(body)
  } else if (isAccepted) {
    longestAccepted = Math.max(longestAccepted, sinceRemoval)
    if (sinceRemoval > (door.copySeconds + 1) * 1000) acceptedTooLong++
  } else refusedAsTheyMust++
}

function note(body: Json): void {
  const codes = codesOf(body).filter((code) => code !== 'issuer_untrusted')
  const why = JSON.stringify(codes.length === 0 ? body : codes).slice(0, 200)
  falseInvalid.set(why, (falseInvalid.get(why) ?? 0) + 1)
}

/** Begins `run` each so many milliseconds, whether or not the one before has ended, until the end. */
async function every(milliseconds: number, run: () => Promise<void>): Promise<void> {
  const all = new Set<Promise<void>>()
  while (isRunning) {
    const one: Promise<void> = run().finally(() => all.delete(one))
    all.add(one)
    await pause(milliseconds)
  }
  await Promise.all(all)
}

function kidOf(token: string): string {
  return decodeProtectedHeader(token).kid?.split('#')[1] ?? ''
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, milliseconds)))
}
