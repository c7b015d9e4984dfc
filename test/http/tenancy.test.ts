import { beforeAll, describe, expect, it } from 'vitest'
import { isJsonObject, type Json, type JsonObject } from '../../src/domain/json/strict-json.ts'
import type { Endpoint } from '../../src/http/output/docs/openapi.ts'
import { aDocumentedService, requiredScheme, type Call } from '../support/documented-service.ts'
import { ENDPOINTS, nameOf } from '../support/openapi.ts'

let service: Awaited<ReturnType<typeof aDocumentedService>>
/** Tokens of two issuers, and what the second one alone has. */
let tokens: Readonly<Record<'own' | 'other', string>>
let strange: { readonly id: string; readonly cid: string }

const NOBODY = 'nobody'
const UNKNOWN = '00000000-0000-4000-8000-000000000000'

const plain = {
  credential: { type: ['VerifiableCredential'], credentialSubject: { member: true } },
}
const named = (operationId: string): Endpoint => {
  const found = ENDPOINTS.find(({ operation }) => operation.operationId === operationId)
  if (found === undefined) throw new Error(`there is no operation ${operationId}`)
  return found
}
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

/** All that an answer says, but for what is of this one call. */
async function said(endpoint: Endpoint, call: Call) {
  const answer = await service.send(endpoint, call)
  const { 'x-request-id': _id, date: _date, ...headers } = Object.fromEntries(answer.headers)
  const text = (await answer.text()).replace(/"requestId":"[^"]*"/, '')
  return { status: answer.status, headers, text }
}

beforeAll(async () => {
  service = await aDocumentedService({})
  const { ask, keep } = service
  const own = await ask('createIssuer', { example: 'hosted' }, 201)
  const other = await ask('createIssuer', { example: 'hosted', change: { id: 'other' } }, 201)
  keep('verifierToken', await ask('createVerifier', { example: 'operator' }, 201))
  await ask('createVerifier', { example: 'operator', change: { id: 'other' } }, 201)

  keep('issuerToken', other)
  const status = ['revocation', 'suspension']
  const issue = { body: { ...plain, options: { status } }, path: { id: 'other' } }
  await ask('issueCredential', issue, 201)
  const { items } = await ask('listCredentials', { path: { id: 'other' } }, 200)
  const first = Array.isArray(items) ? (items as readonly Json[])[0] : undefined
  const id = textOf(isJsonObject(first) ? first['id'] : undefined)
  strange = { id, cid: id.slice(id.lastIndexOf('/') + 1) }
  expect(strange.cid).not.toBe('')

  tokens = { own: textOf(own['token']), other: textOf(other['token']) }
  keep('issuerToken', own)
})

describe('another instance', () => {
  const owned = ENDPOINTS.filter((endpoint) =>
    ['issuerToken', 'verifierToken'].includes(requiredScheme(endpoint) ?? ''),
  ).map((endpoint) => ({ name: nameOf(endpoint), endpoint }))

  it('has calls of its own', () => {
    expect(owned.length).toBeGreaterThan(15)
  })

  it.each(owned)('H9: $name answers for it as for an unknown name', async ({ endpoint }) => {
    const content = Object.values(endpoint.operation.requestBody?.content ?? {})[0]
    const [example] = Object.keys(content?.examples ?? {})
    const call = (id: string): Call => ({
      ...(example === undefined ? {} : { example }),
      path: { id },
    })
    const there = await said(endpoint, call('other'))
    expect(there).toEqual(await said(endpoint, call(NOBODY)))
    expect(there.status).toBe(404)
  })

  const statusCall = (credentialId: string): JsonObject => ({
    credentialId,
    credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' },
    status: true,
  })

  it.each<[what: string, operation: string, call: (id: string, cid: string) => Call]>([
    ['credential by its path', 'getCredential', (_, cid) => ({ path: { cid } })],
    [
      'credential by its path, with a token',
      'getCredential',
      (_, cid) => ({ path: { cid }, headers: { Authorization: `Bearer ${tokens.own}` } }),
    ],
    ['credential by its id', 'changeCredentialStatus', (id) => ({ body: statusCall(id) })],
    ['credential by its cid', 'changeCredentialStatus', (_, cid) => ({ body: statusCall(cid) })],
  ])('H9: its %s is unknown here', async (_, operation, call) => {
    const endpoint = named(operation)
    const unknownId = strange.id.replace(strange.cid, UNKNOWN)
    const there = await said(endpoint, call(strange.id, strange.cid))
    expect(there).toEqual(await said(endpoint, call(unknownId, UNKNOWN)))
    expect(there.status).toBe(404)
    const { status } = await service.send(named('getCredential'), {
      path: { id: 'other', cid: strange.cid },
    })
    expect(status).toBe(200)
  })

  it('H9: its credentials are none of a batch here', async () => {
    const revoke = (credentialId: string) => ({
      body: {
        select: { credentialIds: [credentialId] },
        statusPurpose: 'revocation',
        status: true,
        dryRun: false,
      },
    })
    const report = await service.ask('changeCredentialStatuses', revoke(strange.id), 200)
    expect(report).toMatchObject({ matched: 0, items: [], unknown: [strange.id] })
    const { status } = await service.ask(
      'getCredential',
      { path: { id: 'other', cid: strange.cid } },
      200,
    )
    expect(status).toBe('active')
  })

  it('H9: its status lists are not here', async () => {
    const list = (listId: string) => said(named('getStatusList'), { path: { listId } })
    const there = await list('suspension-1')
    expect(there).toEqual(await list('suspension-9'))
    expect(there.status).toBe(404)
    const { status } = await service.send(named('getStatusList'), {
      path: { id: 'other', listId: 'suspension-1' },
    })
    expect(status).toBe(200)
  })

  it.each(['/credentials', '/audit', '/export'])(
    'H10: a name in query, header or body does not lead to it: %s',
    async (path) => {
      const endpoint = ENDPOINTS.find(
        (one) => one.path === `/issuers/{id}${path}` && one.method === 'get',
      )
      if (endpoint === undefined) throw new Error(`no GET ${path}`)
      const headers = { 'X-Issuer': 'other', 'X-Tenant-Id': 'other' }
      const answer = await service.send(endpoint, { headers })
      expect(answer.status).toBe(200)
      expect(await answer.text()).not.toContain(strange.cid)
      const queried = await service.send(endpoint, { query: '?id=other&issuer=other' })
      expect(await queried.text()).not.toContain(strange.cid)
    },
  )

  it('H13: its Idempotency-Keys are its own', async () => {
    const issue = async (id: 'own' | 'other') => {
      const answer = await service.send(named('issueCredential'), {
        body: plain,
        path: id === 'own' ? {} : { id },
        headers: { Authorization: `Bearer ${tokens[id]}`, 'Idempotency-Key': 'the same' },
      })
      return { status: answer.status, text: await answer.text() }
    }
    const [mine, theirs] = [await issue('own'), await issue('other')]
    expect([mine.status, theirs.status]).toEqual([201, 201])
    expect(mine.text).not.toBe(theirs.text)
    expect([await issue('own'), await issue('other')]).toEqual([mine, theirs])
  })
})
