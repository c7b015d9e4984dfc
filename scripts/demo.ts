import { mkdtempSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeJwt } from 'jose'
import { createTrustClient, TrustError } from '../src/client/index.ts'
import {
  credentialByDidJwtVc,
  credentialByJose,
  presentationByThief,
} from './demo/foreign-issuers.ts'
import { verifiedOffline } from './demo/decision.ts'
import { at, call, codesOf, textAt, type Json } from './demo/http.ts'
import { lso } from './demo/lso.ts'
import { startCompany } from './demo/process.ts'
import { bitstringBit, tokenStatus } from './demo/status-lists.ts'
import { story } from './demo/story.ts'
import { legalEntity } from './example-legal-entity.ts'
import { freePort } from './free-port.ts'
import { makeDevelopmentKeys } from './signing-keys.ts'
import { startService } from './workerd.ts'

/**
 * The main job, told with separate processes that talk HTTP on the loopback and nothing else: the
 * service on plain workerd, a buyer with its own key and its own did:web, a seller's authorization
 * server. The operator and the registrar use the command line `lso`, the other two the typed client; a
 * call that is made here by hand only tells one of them what to do. Exits 0 only when every observation was as it must be.
 */
const AUDIENCE = 'https://as.seller.example.com'
const ADMIN_TOKEN = crypto.randomUUID()
const tell = story((line) => {
  process.stdout.write(`${line}\n`)
})

const dataDir = mkdtempSync(join(tmpdir(), 'lso-trust-demo-'))
const papers = mkdtempSync(join(tmpdir(), 'lso-trust-papers-'))
const port = await freePort()
const buyer = await startCompany('./buyer.ts')
const seller = await startCompany('./authorization-server.ts')
const env = {
  PUBLIC_URL: `http://localhost:${String(port)}`,
  ADMIN_TOKEN,
  SIGNING_KEYS: JSON.stringify(await makeDevelopmentKeys()),
  DID_WEB_LOCAL_HOSTS: new URL(buyer.origin).host,
}
const serviceOptions = { port, dataDir, env, output: 'collect' } as const
let service = await startService(serviceOptions)
const { url } = service

try {
  await demo()
} catch (error) {
  tell.holds('the story could be told to its end', String(error), 'no error')
  process.stderr.write(service.output().slice(-4_000))
} finally {
  await service.stop()
  buyer.stop()
  seller.stop()
  for (const folder of [dataDir, papers]) rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(
  tell.good ? '\nEvery step held.\n' : '\nSomething did not hold: see ✗ above.\n',
)
process.exitCode = tell.good ? 0 : 1

async function demo(): Promise<void> {
  tell.saw(
    `service ${url} (plain workerd), buyer ${buyer.origin}, seller's server ${seller.origin}`,
  )
  const clientId = textAt((await call('GET', `${buyer.origin}/did`)).body, 'did')

  tell.step('The admin creates the registrar and the seller’s verifier, which trusts the registrar')
  const admin = { url, token: ADMIN_TOKEN }
  const registrar = await lso(
    admin,
    ...['create', 'issuer', 'registrar', '--name', 'Example Registrar', '--key', 'dev-ed25519'],
  )
  tell.holds('the registrar is there', registrar.exitCode, 0)
  const registrarDid = textAt(registrar.answer, 'did')
  const asRegistrar = { url, token: textAt(registrar.answer, 'token') }
  tell.saw(`it is ${registrarDid}`)
  const verifier = await lso(
    admin,
    ...['create', 'verifier', 'seller', '--name', 'Example Seller'],
    ...['--audience', AUDIENCE, '--key', 'dev-p256'],
  )
  tell.holds('the verifier is there', verifier.exitCode, 0)
  const asSeller = { url, token: textAt(verifier.answer, 'token') }
  const policy = await lso(
    asSeller,
    ...['policy', 'trust', registrarDid, '--type', 'LsoLegalEntityCredential'],
    ...['--verifier', 'seller'],
  )
  tell.holds('and trusts the registrar', at(policy.answer, 'anchors', 0, 'did'), registrarDid)
  await call('POST', `${seller.origin}/configure`, {
    body: { service: url, id: 'seller', token: asSeller.token },
  })

  tell.step('The registrar issues legal-entity credentials to the buyer’s DID (R4, R5, R7, R8)')
  const issue = (credential: object, ...options: readonly string[]) => {
    const file = join(papers, 'legal-entity.json')
    writeFileSync(file, JSON.stringify(credential))
    return lso(asRegistrar, 'issue', file, '--issuer', 'registrar', ...options)
  }
  const issued = await issue(legalEntity(clientId))
  tell.holds('one as vc+jwt (VCDM 2.0)', issued.exitCode, 0)
  const credential = at(issued.answer, 'verifiableCredential')
  const claims = decodeJwt(textAt(credential, 'id').split(',')[1] ?? '') as Json
  const credentialId = textAt(claims, 'id')
  const index = Number(at(claims, 'credentialStatus', 'statusListIndex'))
  const listUrl = textAt(claims, 'credentialStatus', 'statusListCredential')
  tell.saw(`id ${credentialId}, status index ${String(index)} of 131072, drawn at random`)
  const issued11 = await issue(legalEntity(clientId), '--format', 'jwt_vc')
  tell.holds('one as a VCDM 1.1 JWT, shaped by did-jwt-vc', issued11.exitCode, 0)
  const credential11 = textAt(issued11.answer, 'verifiableCredential')
  const faulty = await issue({
    ...legalEntity(clientId),
    credentialSubject: { id: clientId },
  })
  tell.holds('a subject without a legal name is refused', faulty.exitCode, 1)
  tell.saw(`with a pointer to each fault: ${pointersOf(at(faulty.answer, 'error'))}`)

  tell.step(
    'The authorization server resolves the client_id and finds where to redirect (R1–R3, R19)',
  )
  const client = await call('POST', `${seller.origin}/client`, { body: { clientId } })
  tell.holds('the DID document is the buyer’s', at(client.body, 'document', 'id'), clientId)
  tell.holds(
    'its key authenticates the client',
    at(client.body, 'jwks', 'keys', 0, 'kid'),
    `${clientId}#key-1`,
  )
  tell.holds('its services are the redirect URIs', at(client.body, 'client', 'redirect_uris'), [
    'https://buyer.example.com/callback',
    'https://buyer.example.com/second',
  ])

  tell.step('The buyer asks for a challenge and presents (R9, R10)')
  const present = async (credentials: readonly Json[]) =>
    (
      await call('POST', `${buyer.origin}/present`, {
        body: { service: url, audience: AUDIENCE, credentials },
      })
    ).body
  const verifyPresentation = async (presented: Json): Promise<Json> =>
    (
      await call('POST', `${seller.origin}/verify-presentation`, {
        body: { ...(presented as object), domain: AUDIENCE },
      })
    ).body
  const presented = await present([credential])
  const accepted = await verifyPresentation(presented)
  tell.holds('the presentation is valid', at(accepted, 'verdict'), 'valid')
  tell.holds('verified', at(accepted, 'verified'), true)
  tell.holds('and trusted', at(accepted, 'trust'), 'trusted')
  tell.saw(`checks: ${checksOf(accepted)}`)

  tell.step('An issuer that nobody has accredited is not enough (R6)')
  const newcomer = await lso(
    admin,
    ...['create', 'issuer', 'newcomer', '--name', 'Example Newcomer', '--key', 'dev-ed25519'],
  )
  const byNewcomer = join(papers, 'by-newcomer.json')
  writeFileSync(byNewcomer, JSON.stringify(legalEntity(clientId)))
  const asNewcomer = { url, token: textAt(newcomer.answer, 'token') }
  const unaccredited = await lso(asNewcomer, 'issue', byNewcomer, '--issuer', 'newcomer')
  const register = async (credentials: readonly Json[]) =>
    (
      await call('POST', `${buyer.origin}/register`, {
        body: { service: url, audience: AUDIENCE, credentials },
      })
    ).body
  const ofNewcomer = at(unaccredited.answer, 'verifiableCredential')
  const refused = await register([ofNewcomer])
  tell.holds('a registration with its credential is refused', at(refused, 'outcome'), 'refused')
  tell.holds('as not approved', at(refused, 'error'), 'unapproved_software_statement')
  tell.saw(`hint: ${textAt(refused, 'error_description')}`)
  await lso(
    asSeller,
    ...['policy', 'trust', registrarDid, '--type', 'LsoIssuerAccreditationCredential'],
    ...['--verifier', 'seller'],
  )
  const accreditation = await issue({
    type: ['VerifiableCredential', 'LsoIssuerAccreditationCredential'],
    // What is issued lies inside the period of the accreditation above it.
    validFrom: daysFromNow(-1),
    validUntil: daysFromNow(400),
    credentialSubject: {
      id: textAt(newcomer.answer, 'did'),
      type: 'AccreditedIssuer',
      legalName: 'Example Newcomer Ltd',
      accreditedFor: ['LsoLegalEntityCredential'],
      mayAccredit: false,
    },
  })
  const link = at(accreditation.answer, 'verifiableCredential')
  const chained = await register([ofNewcomer, link])
  tell.holds('accredited by the registrar it is enough', at(chained, 'outcome'), 'accepted')

  tell.step('The buyer registers as a client by presentation (R16, D4)')
  const registered = await register([credential])
  tell.holds('the decision accepts it', at(registered, 'outcome'), 'accepted')
  tell.holds('its DID is its client_id', at(registered, 'client', 'client_id'), clientId)
  const keys = (await call('POST', `${seller.origin}/keys`, { body: {} })).body
  const decision = await verifiedOffline(
    textAt(registered, 'decision_jwt'),
    keys as unknown as Parameters<typeof verifiedOffline>[1],
    { issuer: textAt(verifier.answer, 'did'), audience: AUDIENCE },
  )
  tell.holds('the decision JWT holds offline, with nothing but jose', decision.sub, clientId)
  const authenticate = async () =>
    (
      await call('POST', `${seller.origin}/authenticate`, {
        body: (await call('POST', `${buyer.origin}/assertion`, { body: { audience: AUDIENCE } }))
          .body,
      })
    ).body
  tell.holds('its assertion is accepted', at(await authenticate(), 'verdict'), 'valid')
  const { body: pushed } = await call('POST', `${buyer.origin}/request-object`, {
    body: { audience: AUDIENCE },
  })
  const par = await call('POST', `${seller.origin}/par`, {
    body: { clientId, request: textAt(pushed, 'request') },
  })
  tell.holds('and so is its request object', at(par.body, 'verdict'), 'valid')
  const clientStatus = async () =>
    at(
      (await call('POST', `${seller.origin}/client-status`, { body: { clientId } })).body,
      'status',
    )
  tell.holds('the authorization server sees it active', await clientStatus(), 'active')

  tell.step('What must be refused is refused, each for its own reason')
  const replayed = await verifyPresentation(presented)
  tell.holds('the same presentation again', codesOf(replayed), ['nonce_invalid'])
  const { challenge } = await createTrustClient({ url }).verifier('seller').challenge()
  const stolen = await verifyPresentation({
    presentation: await presentationByThief(credential, challenge, AUDIENCE),
    challenge,
  })
  tell.holds('a presentation by another holder', codesOf(stolen), ['holder_binding_failed'])
  const verifyCredential = async (secured: Json): Promise<Json> =>
    (await call('POST', `${seller.origin}/verify-credential`, { body: { credential: secured } }))
      .body
  const flipped = await verifyCredential(
    withOneBitFlipped(textAt(credential, 'id').split(',')[1] ?? ''),
  )
  tell.holds('a credential with one flipped bit', codesOf(flipped), ['signature_invalid'])
  const untouched = await verifyCredential(credential)
  tell.holds('the same credential untouched is good', at(untouched, 'verdict'), 'valid')
  const good11 = await verifyCredential(credential11)
  tell.holds('and so is the VCDM 1.1 one', at(good11, 'verdict'), 'valid')

  tell.step('The registrar revokes; the very next answers say so (R4, R8)')
  const statusOf = async (id: string) =>
    at(
      (await call('POST', `${seller.origin}/status`, { body: { credentialUrl: id } })).body,
      'status',
    )
  tell.holds('before: active', await statusOf(credentialId), 'active')
  const revoked = await lso(
    asRegistrar,
    ...['revoke', credentialId, '--issuer', 'registrar', '--reason', 'registration withdrawn'],
  )
  tell.holds('the revocation is acknowledged', revoked.exitCode, 0)
  tell.holds('the next status', await statusOf(credentialId), 'revoked')
  const afterwards = await verifyCredential(credential)
  tell.holds('the next verification says no', at(afterwards, 'verdict'), 'invalid')
  tell.holds('with the code', codesOf(afterwards), ['revoked'])
  const feed = await call('POST', `${seller.origin}/changes`, { body: {} })
  tell.holds(
    'the feed of changes says at once that the client is revoked',
    JSON.stringify(feed.body).includes('"status":"revoked"'),
    true,
  )
  tell.holds('and so does its status', await clientStatus(), 'revoked')
  const late = await authenticate()
  tell.holds('its next assertion is refused', codesOf(late), ['client_not_active'])
  tell.holds('with the error to send', at(late, 'error'), 'invalid_client')
  const bitstring = await call('GET', listUrl)
  const token = await call('GET', listUrl, { accept: 'application/statuslist+jwt' })
  tell.holds('Bitstring Status List: its bit is 1', bitstringBit(textAt(bitstring.body), index), 1)
  tell.holds(
    'Token Status List: its value is 1, INVALID',
    tokenStatus(textAt(token.body), index),
    1,
  )
  const index11 = Number(at(decodeJwt(credential11), 'vc', 'credentialStatus', 'statusListIndex'))
  tell.holds('the other credential’s bit is 0', bitstringBit(textAt(bitstring.body), index11), 0)

  tell.step('kill -9, restart: everything acknowledged is still there')
  await service.kill()
  service = await startService(serviceOptions)
  tell.holds('the revoked credential is revoked', await statusOf(credentialId), 'revoked')
  const id11 = textAt(decodeJwt(credential11), 'jti')
  tell.holds('the other one is active', await statusOf(id11), 'active')
  const again = await verifyPresentation(presented)
  tell.holds(
    'the spent challenge is still spent, the token of the verifier still counts',
    at(again, 'verdict'),
    'invalid',
  )
  const second = await verifyPresentation(await present([credential11]))
  tell.holds('the other credential can be presented', at(second, 'verdict'), 'valid')
  const audit = await lso(asRegistrar, 'audit', 'verify', '--issuer', 'registrar')
  tell.holds('the registrar’s audit chain is unbroken', audit.exitCode, 0)

  tell.step('Input that others made')
  for (const [maker, foreign] of [
    ['did-jwt-vc', await credentialByDidJwtVc(clientId)],
    ['jose', await credentialByJose(clientId)],
  ] as const) {
    const body = await verifyCredential(foreign)
    tell.holds(`a credential signed by ${maker} verifies`, at(body, 'verdict'), 'valid')
    tell.holds('but nobody here trusts its issuer', at(body, 'trust'), 'untrusted')
  }
  await resolveVectors()
}

/** The DIDs of the did:key test vectors, where that folder lies beside the project. */
async function resolveVectors(): Promise<void> {
  const folder = fileURLToPath(new URL('../../shared/vectors/did-key/', import.meta.url))
  if (!existsSync(folder)) {
    tell.saw('the folder of did:key vectors is absent: skipped')
    return
  }
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()) {
    const vectors = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Json
    const dids = Object.keys((at(vectors, 'didDocument') ?? vectors) as object)
    const answers = await Promise.all(dids.map(statusOfResolution))
    const expected = file.startsWith('bls') ? 501 : 200
    const seen = [...new Set(answers)]
    tell.holds(
      `did:key vectors ${file}: ${String(dids.length)} DIDs answer ${String(expected)}`,
      seen,
      [expected],
    )
  }
}

function daysFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+/, '')
}

/** 200 for a DID with a document, else the status of the refusal. */
async function statusOfResolution(did: string): Promise<number | undefined> {
  try {
    await createTrustClient({ url }).resolve(did)
    return 200
  } catch (error) {
    if (error instanceof TrustError) return error.status
    throw error
  }
}

function checksOf(report: Json): string {
  const checks = at(report, 'checks')
  if (!Array.isArray(checks)) return 'none'
  return (checks as readonly Json[])
    .map(
      (check) =>
        `${textAt(check, 'check')}${at(check, 'rule') === undefined ? '' : ` (${textAt(check, 'rule')})`}`,
    )
    .join(', ')
}

function pointersOf(problem: Json): string {
  const errors = at(problem, 'errors')
  return Array.isArray(errors)
    ? (errors as readonly Json[]).map((error) => textAt(error, 'pointer')).join(', ')
    : 'none'
}

/** Another last bit of the third byte of the signature. */
function withOneBitFlipped(token: string): string {
  const [header, payload, signature = ''] = token.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  bytes[2] = (bytes[2] ?? 0) ^ 1
  return [header, payload, bytes.toString('base64url')].join('.')
}
