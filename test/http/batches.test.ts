import { beforeEach, describe, expect, it } from 'vitest'
import { isJsonObject, type JsonObject } from '../../src/domain/json/strict-json.ts'
import { listed } from '../../src/domain/json/values.ts'
import { aDocumentedService } from '../support/documented-service.ts'

let service: Awaited<ReturnType<typeof aDocumentedService>>
beforeEach(async () => {
  service = await aDocumentedService({})
  service.keep('issuerToken', await service.ask('createIssuer', { example: 'hosted' }, 201))
})

const items = ({ items: list }: JsonObject) => listed(list).filter(isJsonObject)
const plain: JsonObject = {
  credential: { type: ['VerifiableCredential'], credentialSubject: { member: true } },
}
const issue = (credentials: readonly JsonObject[], key = 'batch-1', status = 200) =>
  service.ask(
    'issueCredentials',
    { body: { credentials }, headers: { 'Idempotency-Key': key } },
    status,
  )

describe('POST /issuers/{id}/credentials/issue-batch', () => {
  it('R5: reports credentials and problems, in the order of the request', async () => {
    const report = await issue([plain, { credential: {} }, plain])
    expect(report).toMatchObject({ issued: 2, refused: 1 })
    expect(items(report)).toMatchObject([
      { status: 201, verifiableCredential: { type: 'EnvelopedVerifiableCredential' } },
      { status: 400, problem: { status: 400, code: 'credential_invalid' } },
      { status: 201 },
    ])
    const { items: listing } = await service.ask('listCredentials', {}, 200)
    const urls = items(report).flatMap(({ url }) => url ?? [])
    expect(
      new Set(listed(listing).flatMap((one) => (isJsonObject(one) ? one['url'] : []))),
    ).toEqual(new Set(urls))
  })

  it('H13: answers the same batch the same, and another under its key not at all', async () => {
    const first = await issue([plain, plain])
    expect(await issue([plain, plain])).toEqual(first)
    await issue([plain, plain, plain], 'batch-1', 422)
    expect(items(await service.ask('listCredentials', {}, 200))).toHaveLength(2)
    await issue([plain, plain, plain], 'batch-2')
  })

  it('takes 1,000 and no more, and none at all is a fault too', async () => {
    const report = await issue(Array.from({ length: 1_000 }, () => plain))
    expect(report).toMatchObject({ issued: 1_000, refused: 0 })
    await issue(
      Array.from({ length: 1_001 }, () => plain),
      'batch-2',
      400,
    )
    await issue([], 'batch-3', 400)
  })

  it('refuses what is malformed before anything is issued', async () => {
    await issue([plain, { ...plain, options: { format: 'paper' } }], 'batch-1', 400)
    expect(items(await service.ask('listCredentials', {}, 200))).toEqual([])
  })
})

describe('POST /issuers/{id}/credentials/status-batch', () => {
  const change = (example: string, otherwise: JsonObject = {}, key?: string) =>
    service.ask(
      'changeCredentialStatuses',
      {
        example,
        change: otherwise,
        headers: key === undefined ? {} : { 'Idempotency-Key': key },
      },
      200,
    )

  it('R4: tells with a dry run what it would hit, then does it', async () => {
    await service.ask('issueCredentials', { example: 'two' }, 200)
    const preview = await change('preview', {}, 'key')
    expect(preview).toMatchObject({ dryRun: true, matched: 1, changes: 1, more: false })
    expect(items(preview)).toMatchObject([{ status: 'active', outcome: 'change' }])
    const done = await change('revoke', {}, 'key')
    expect(done).toMatchObject({ dryRun: false, matched: 1, changes: 1 })
    expect(items(done)).toMatchObject([{ status: 'revoked', outcome: 'change' }])
    expect(await change('revoke', {}, 'key')).toEqual(done)
    expect(await change('revoke')).toMatchObject({ changes: 0, already: 1 })
  })

  it('S16: says for each that a revocation stays', async () => {
    await service.ask('issueCredentials', { example: 'two' }, 200)
    await change('revoke')
    const lifted = await change('revoke', { status: false })
    expect(lifted).toMatchObject({ matched: 1, changes: 0, refused: 1 })
    expect(items(lifted)).toMatchObject([
      { status: 'revoked', outcome: 'refused', code: 'revocation_final' },
    ])
  })

  it('names the ids that name nothing, as they were sent', async () => {
    expect(await change('suspend')).toMatchObject({
      matched: 0,
      items: [],
      unknown: [expect.stringContaining('/issuers/registry/credentials/8850fb78')],
    })
  })

  it('refuses as a whole to change more than 1,000, and shows 1,000 of them', async () => {
    await issue(Array.from({ length: 1_000 }, () => plain))
    await issue([plain], 'batch-2')
    const select = { type: 'VerifiableCredential' }
    const preview = await change('preview', { select })
    expect(preview).toMatchObject({ matched: 1_001, changes: 1_001, more: true })
    expect(items(preview)).toHaveLength(1_000)
    const call = { example: 'revoke', change: { select } }
    const refused = await service.ask('changeCredentialStatuses', call, 400)
    expect(refused).toMatchObject({
      code: 'too_many_matched',
      detail: '1001 credentials match, at most 1000 are changed at once: narrow the selection',
    })
    expect(await change('preview', { select })).toMatchObject({ changes: 1_001 })
  })
})

describe('GET /issuers/{id}/status-lists', () => {
  it('R8: names the lists, each of which can be read and names this place', async () => {
    expect(await service.ask('listStatusLists', {}, 200)).toEqual({ status_lists: [] })
    await service.ask('issueCredentials', { example: 'two' }, 200)
    const { status_lists: lists } = await service.ask('listStatusLists', {}, 200)
    const base = 'https://trust.example.com/issuers/registry/status-lists'
    expect(lists).toEqual([`${base}/revocation-1`, `${base}/suspension-1`])
    await service.ask('getStatusList', { path: { listId: 'suspension-1' } }, 200)
    await service.ask('listStatusLists', { headers: { 'If-None-Match': '*' } }, 304)
    await service.ask('listStatusLists', { path: { id: 'nobody' } }, 404)
  })
})
