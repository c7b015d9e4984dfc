import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { legalEntity } from '../../scripts/example-legal-entity.ts'
import { freePort } from '../../scripts/free-port.ts'
import { makeDevelopmentKeys } from '../../scripts/signing-keys.ts'
import { startService, type RunningService } from '../../scripts/workerd.ts'
import { createTrustClient, type CreatedInstance } from '../../src/client/index.ts'
import { fapiBuyers, type FapiBuyer } from '../support/fapi-buyers.ts'

/* Backup and restore, as docs/operations.md says: stop, copy, start over the copy. */

const AUDIENCE = 'https://as.seller.example'
const ADMIN_TOKEN = 'admin-token-of-this-test-alone-0123456789'

let folder: string, hosted: Awaited<ReturnType<typeof fapiBuyers>>
let service: RunningService
let start: () => Promise<RunningService>
let registrar: CreatedInstance, seller: CreatedInstance
const dataDir = () => join(folder, 'data')
const backup = () => join(folder, 'backup')

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lso-backup-'))
  hosted = await fapiBuyers()
  const port = await freePort()
  const env = {
    PUBLIC_URL: `http://localhost:${port}`,
    ADMIN_TOKEN,
    SIGNING_KEYS: JSON.stringify(await makeDevelopmentKeys()),
    DID_WEB_LOCAL_HOSTS: hosted.host,
  }
  start = () => startService({ port, dataDir: dataDir(), env, output: 'collect' })
  service = await start()
  const { admin } = createTrustClient({ url: service.url, token: ADMIN_TOKEN })
  registrar = await admin.createIssuer({ id: 'registrar', name: 'Registrar', keys: ['dev-p256'] })
  seller = await admin.createVerifier({
    id: 'seller',
    name: 'Seller',
    audience: AUDIENCE,
    keys: ['dev-p256'],
    policy: { anchors: [{ did: registrar.did, types: ['LsoLegalEntityCredential'] }] },
  })
})

afterAll(async () => {
  await service.stop()
  hosted.stop()
  rmSync(folder, { recursive: true, force: true })
})

const issuer = () =>
  createTrustClient({ url: service.url, token: registrar.token }).issuer('registrar')
const verifier = () =>
  createTrustClient({ url: service.url, token: seller.token }).verifier('seller')

/** Issues a credential to a buyer, and lets it register. */
async function registered(buyer: FapiBuyer) {
  const { did } = buyer
  const issued = await issuer().issue({ credential: legalEntity(did) })
  const presentation = await buyer.present(
    { url: service.url, verifier: 'seller', audience: AUDIENCE },
    [issued.verifiableCredential],
  )
  const { outcome, decisionId } = await verifier().register({ presentation })
  expect(outcome).toBe('accepted')
  return { did, credential: issued.url, decisionId: decisionId ?? '' }
}

const revoke = (credentialId: string) =>
  issuer().changeStatus({ credentialId, statusPurpose: 'revocation', status: true })
const statusOf = async (url: string) =>
  (await createTrustClient({ url: service.url }).credential(url)).status
const feed = async (since?: string) => {
  const url = new URL(`${service.url}/verifiers/seller/clients/changes`)
  if (since !== undefined) url.searchParams.set('since', since)
  const answer = await fetch(url, { headers: { Authorization: `Bearer ${seller.token}` } })
  return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, string>> }
}

it('a restored copy is all that there was when it was made, and tells what came after', async () => {
  const [kept, ended] = [
    await registered(hosted.buyers.ES256),
    await registered(hosted.buyers.EdDSA),
  ]
  await revoke(ended.credential)
  expect((await verifier().clientStatus(ended.did)).status).toBe('revoked')
  const before = await issuer().verifyAudit()
  await service.stop()
  cpSync(dataDir(), backup(), { recursive: true })

  service = await start()
  const lost = await registered(hosted.buyers.PS256)
  await revoke(kept.credential)
  expect((await verifier().clientStatus(kept.did)).status).toBe('revoked')
  const after = await issuer().verifyAudit()
  const { cursor } = (await feed()).body
  await service.stop()

  rmSync(dataDir(), { recursive: true })
  cpSync(backup(), dataDir(), { recursive: true })
  service = await start()
  // Head and number of the audit chain tell that something acknowledged is missing.
  expect(await issuer().verifyAudit()).toEqual(before)
  expect(before).toMatchObject({ intact: true })
  expect(after).not.toEqual(before)
  expect(await statusOf(ended.credential)).toBe('revoked')
  expect((await verifier().clientStatus(ended.did)).status).toBe('revoked')
  expect((await verifier().decision(kept.decisionId))['decisionId']).toBe(kept.decisionId)
  // What came after the copy is gone: revoked again, it ends as before.
  expect(await statusOf(kept.credential)).toBe('active')
  expect((await verifier().clientStatus(kept.did)).status).toBe('active')
  await expect(statusOf(lost.credential)).rejects.toMatchObject({ reason: 'not_found' })
  await expect(verifier().client(lost.did)).rejects.toMatchObject({ reason: 'not_found' })
  expect(await feed(cursor)).toMatchObject({ status: 409, body: { code: 'cursor_unknown' } })
  await revoke(kept.credential)
  expect((await verifier().clientStatus(kept.did)).status).toBe('revoked')
})
