import { beforeEach, describe, expect, it } from 'vitest'
import { decodeBase64url, utf8, utf8Text } from '../../src/domain/base64url.ts'
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

  it('H13: answers the same batch with the same bytes, refused items too', async () => {
    const three = [plain, { credential: {} }, plain]
    expect(await issue(three)).toEqual(await issue(three))
    expect(items(await issue(three))[1]).not.toHaveProperty('problem.requestId')
    expect(await issue([], 'other', 400)).toHaveProperty('requestId')
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

  it('S12: takes a purpose once', async () => {
    const of = (status: readonly string[]): JsonObject => ({ ...plain, options: { status } })
    await issue([of(['revocation', 'revocation'])], 'batch-1', 400)
    await issue([of(['revocation', 'suspension'])], 'batch-2')
  })

  it('H2: takes no body in a content coding', async () => {
    const call = (coding: string, status: number) =>
      service.ask(
        'issueCredentials',
        { body: { credentials: [plain] }, headers: { 'Content-Encoding': coding } },
        status,
      )
    expect(await call('gzip', 415)).toMatchObject({ code: 'media_type_not_supported' })
    await call('identity', 200)
  })

  it('refuses what is malformed before anything is issued', async () => {
    await issue([plain, { ...plain, options: { format: 'paper' } }], 'batch-1', 400)
    expect(items(await service.ask('listCredentials', {}, 200))).toEqual([])
  })
})

describe('POST /issuers/{id}/credentials/status', () => {
  it('S16: refuses an entry that is not the credential’s own for the purpose', async () => {
    const [item] = items(await issue([plain]))
    const credentialId = item?.['url'] ?? ''
    const { id: data } = item?.['verifiableCredential'] as { id: string }
    const payload = utf8Text(decodeBase64url(data.split('.')[1] ?? '') ?? utf8('')) ?? ''
    const { credentialStatus: entry } = JSON.parse(payload) as {
      credentialStatus: { id: string; statusListIndex: string; statusListCredential: string }
    }
    const { id, statusListIndex, statusListCredential: list } = entry
    const own = { id, statusListIndex, statusListCredential: list }
    const index = Number(statusListIndex)
    const change = (entry: JsonObject, expected: number) => {
      const credentialStatus = {
        ...{ type: 'BitstringStatusListEntry', statusPurpose: 'revocation' },
        ...entry,
      }
      const body = { credentialId, credentialStatus, status: true }
      return service.ask('changeCredentialStatus', { body }, expected)
    }
    for (const other of [
      { ...own, statusListIndex: String(index + 1) },
      { statusListIndex: `0${String(index)}` },
      { statusListCredential: `${list}0` },
      { id: `${list}#${String(index + 1)}` },
    ]) {
      const { code, errors } = await change(other, 400)
      expect([code, errors]).toMatchObject(['request_invalid', [{ pointer: '/credentialStatus' }]])
    }
    expect(items(await service.ask('listCredentials', {}, 200))).toMatchObject([
      { status: 'active' },
    ])
    expect(await change(own, 200)).toMatchObject({ status: 'revoked' })
    expect(await change({}, 200)).toMatchObject({ status: 'revoked' })
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

  it('refuses more than 1,000 in the dry run as in the call, and takes them page by page', async () => {
    await issue(Array.from({ length: 1_000 }, () => plain))
    await issue([plain], 'batch-2')
    const select = { type: 'VerifiableCredential' }
    for (const example of ['preview', 'revoke']) {
      const call = { example, change: { select } }
      expect(await service.ask('changeCredentialStatuses', call, 400)).toMatchObject({
        code: 'too_many_matched',
        detail: expect.stringContaining('1001 credentials match') as string,
      })
    }
    const preview = await change('preview', { select, cursor: '0' })
    expect(preview).toMatchObject({ matched: 1_000, changes: 1_000, more: true })
    const first = await change('revoke', { select, cursor: '0' })
    expect(first).toEqual({ ...preview, dryRun: false, items: first['items'] })
    const { cursor = null } = first
    const second = await change('revoke', { select, cursor })
    expect(second).toMatchObject({ matched: 1, changes: 1, more: false })
    expect(second).not.toHaveProperty('cursor')
    expect(await change('revoke', { select, cursor })).toMatchObject({ already: 1 })
    await service.ask(
      'changeCredentialStatuses',
      { example: 'revoke', change: { select, cursor: '-1' } },
      400,
    )
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
