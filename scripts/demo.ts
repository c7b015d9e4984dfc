import { mkdtempSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeJwt } from 'jose'
import {
  credentialByDidJwtVc,
  credentialByJose,
  presentationByThief,
} from './demo/foreign-issuers.ts'
import { at, call, codesOf, textAt, type Answer, type Json } from './demo/http.ts'
import { startCompany } from './demo/process.ts'
import { bitstringBit, tokenStatus } from './demo/status-lists.ts'
import { story } from './demo/story.ts'
import { freePort } from './free-port.ts'
import { makeDevelopmentKeys } from './signing-keys.ts'
import { startService } from './workerd.ts'

/**
 * The main job, told with separate processes that talk HTTP on the loopback and nothing else: the
 * service on plain workerd, a buyer with its own key and its own did:web, a seller's authorization
 * server. Exits 0 only when every observation was as it must be.
 */
const AUDIENCE = 'https://as.seller.example.com'
const ADMIN_TOKEN = crypto.randomUUID()
const tell = story((line) => {
  process.stdout.write(`${line}\n`)
})

const dataDir = mkdtempSync(join(tmpdir(), 'lso-trust-demo-'))
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
  rmSync(dataDir, { recursive: true, force: true })
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
  const registrar = await call('POST', `${url}/admin/issuers`, {
    token: ADMIN_TOKEN,
    body: { id: 'registrar', name: 'Example Registrar', keys: ['dev-ed25519'] },
  })
  tell.holds('the registrar is there', registrar.status, 201)
  const registrarDid = textAt(registrar.body, 'did')
  const registrarToken = textAt(registrar.body, 'token')
  tell.saw(`it is ${registrarDid}`)
  const verifier = await call('POST', `${url}/admin/verifiers`, {
    token: ADMIN_TOKEN,
    body: {
      id: 'seller',
      name: 'Example Seller',
      audience: AUDIENCE,
      keys: ['dev-p256'],
      policy: { anchors: [{ did: registrarDid, types: ['LsoLegalEntityCredential'] }] },
    },
  })
  tell.holds('the verifier is there', verifier.status, 201)
  await call('POST', `${seller.origin}/configure`, {
    body: { service: url, id: 'seller', token: textAt(verifier.body, 'token') },
  })

  tell.step('The registrar issues legal-entity credentials to the buyer’s DID (R4, R5, R7, R8)')
  const issue = (options: object) =>
    call('POST', `${url}/issuers/registrar/credentials/issue`, {
      token: registrarToken,
      body: { credential: legalEntity(clientId), options },
    })
  const issued = await issue({})
  tell.holds('one as vc+jwt (VCDM 2.0)', issued.status, 201)
  const credential = at(issued.body, 'verifiableCredential')
  const claims = decodeJwt(textAt(credential, 'id').split(',')[1] ?? '') as Json
  const credentialId = textAt(claims, 'id')
  const index = Number(at(claims, 'credentialStatus', 'statusListIndex'))
  const listUrl = textAt(claims, 'credentialStatus', 'statusListCredential')
  tell.saw(`id ${credentialId}, status index ${String(index)} of 131072, drawn at random`)
  const issued11 = await issue({ format: 'jwt_vc' })
  tell.holds('one as a VCDM 1.1 JWT, shaped by did-jwt-vc', issued11.status, 201)
  const credential11 = textAt(issued11.body, 'verifiableCredential')
  const faulty = await call('POST', `${url}/issuers/registrar/credentials/issue`, {
    token: registrarToken,
    body: { credential: { ...legalEntity(clientId), credentialSubject: { id: clientId } } },
  })
  tell.holds('a subject without a legal name is refused', faulty.status, 400)
  tell.saw(`with a pointer to each fault: ${pointersOf(faulty.body)}`)

  tell.step(
    'The authorization server resolves the client_id and finds where to redirect (R1–R3, R19)',
  )
  const client = await call('POST', `${seller.origin}/client`, { body: { clientId } })
  tell.holds(
    'the DID document is the buyer’s',
    at(client.body, 'resolution', 'didDocument', 'id'),
    clientId,
  )
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
  const challengeUrl = `${url}/verifiers/seller/challenges`
  const present = async (credentials: readonly Json[]) =>
    (
      await call('POST', `${buyer.origin}/present`, {
        body: { challengeUrl, audience: AUDIENCE, credentials },
      })
    ).body
  const verifyPresentation = async (presented: Json): Promise<Answer> =>
    relayed(
      await call('POST', `${seller.origin}/verify-presentation`, {
        body: { ...(presented as object), domain: AUDIENCE },
      }),
    )
  const presented = await present([credential])
  const accepted = await verifyPresentation(presented)
  tell.holds('presentations/verify answers 200', accepted.status, 200)
  tell.holds('verified', at(accepted.body, 'verified'), true)
  tell.holds('and trusted', at(accepted.body, 'trust'), 'trusted')
  tell.saw(`checks: ${checksOf(accepted.body)}`)

  tell.step('What must be refused is refused, each for its own reason')
  const replayed = await verifyPresentation(presented)
  tell.holds('the same presentation again', codesOf(replayed.body), ['nonce_invalid'])
  const { body: fresh } = await call('POST', challengeUrl)
  const challenge = textAt(fresh, 'challenge')
  const stolen = await verifyPresentation({
    presentation: await presentationByThief(credential, challenge, AUDIENCE),
    challenge,
  })
  tell.holds('a presentation by another holder', codesOf(stolen.body), ['holder_binding_failed'])
  const verifyCredential = async (secured: Json): Promise<Answer> =>
    relayed(
      await call('POST', `${seller.origin}/verify-credential`, { body: { credential: secured } }),
    )
  const flipped = await verifyCredential(
    withOneBitFlipped(textAt(credential, 'id').split(',')[1] ?? ''),
  )
  tell.holds('a credential with one flipped bit', codesOf(flipped.body), ['signature_invalid'])
  const untouched = await verifyCredential(credential)
  tell.holds('the same credential untouched is good', at(untouched.body, 'verdict'), 'valid')
  const good11 = await verifyCredential(credential11)
  tell.holds('and so is the VCDM 1.1 one', at(good11.body, 'verdict'), 'valid')

  tell.step('The registrar revokes; the very next answers say so (R4, R8)')
  const statusOf = async (id: string) =>
    at(
      relayed(await call('POST', `${seller.origin}/status`, { body: { credentialId: id } })).body,
      'status',
    )
  tell.holds('before: active', await statusOf(credentialId), 'active')
  const revoked = await call('POST', `${url}/issuers/registrar/credentials/status`, {
    token: registrarToken,
    body: {
      credentialId,
      credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' },
      status: true,
      reason: 'registration withdrawn',
    },
  })
  tell.holds('the revocation is acknowledged', revoked.status, 200)
  tell.holds('the next status', await statusOf(credentialId), 'revoked')
  const afterwards = await verifyCredential(credential)
  tell.holds('the next verification answers 400', afterwards.status, 400)
  tell.holds('with the code', codesOf(afterwards.body), ['revoked'])
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
    again.status,
    400,
  )
  const enveloped = {
    '@context': 'https://www.w3.org/ns/credentials/v2',
    id: `data:application/jwt,${credential11}`,
    type: 'EnvelopedVerifiableCredential',
  }
  const second = await verifyPresentation(await present([enveloped]))
  tell.holds('the other credential can be presented', second.status, 200)
  const audit = await call('GET', `${url}/issuers/registrar/audit/verify`, {
    token: registrarToken,
  })
  tell.holds('the registrar’s audit chain is unbroken', at(audit.body, 'intact'), true)

  tell.step('Input that others made')
  for (const [maker, foreign] of [
    ['did-jwt-vc', await credentialByDidJwtVc(clientId)],
    ['jose', await credentialByJose(clientId)],
  ] as const) {
    const { body } = await verifyCredential(foreign)
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
    const answers = await Promise.all(
      dids.map((did) => call('GET', `${url}/1.0/identifiers/${encodeURIComponent(did)}`)),
    )
    const expected = file.startsWith('bls') ? 501 : 200
    const seen = [...new Set(answers.map(({ status }) => status))]
    tell.holds(
      `did:key vectors ${file}: ${String(dids.length)} DIDs answer ${String(expected)}`,
      seen,
      [expected],
    )
  }
}

function legalEntity(did: string) {
  return {
    type: ['VerifiableCredential', 'LsoLegalEntityCredential'],
    credentialSubject: {
      id: did,
      type: 'LegalEntity',
      legalName: 'Example Buyer Ltd',
      registeredAddress: { country: 'DE', locality: 'Berlin' },
      identifiers: [{ scheme: 'VAT', value: 'DE000000000' }],
      roles: ['Buyer'],
      lsoInterfaces: ['Sonata'],
      trustDomain: 'example-exchange',
    },
  }
}

/** The authorization server passes on what the service answered, as `{status, body}`. */
function relayed({ body, headers }: Answer): Answer {
  return { status: Number(at(body, 'status')), body: at(body, 'body'), headers }
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
