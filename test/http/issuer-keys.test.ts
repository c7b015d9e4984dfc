import { beforeEach, describe, expect, it } from 'vitest'
import { isJsonObject, type JsonObject } from '../../src/domain/json/strict-json.ts'
import { listed } from '../../src/domain/json/values.ts'
import { aDocumentedService } from '../support/documented-service.ts'

let service: Awaited<ReturnType<typeof aDocumentedService>>
beforeEach(async () => {
  service = await aDocumentedService({})
  service.keep('issuerToken', await service.ask('createIssuer', { example: 'hosted' }, 201))
})

const issue = () => service.ask('issueCredential', { example: 'legalEntity' }, 201)
const rotate = (body: JsonObject, status: number, key = 'rotation-1') =>
  service.ask('rotateIssuerKeys', { body, headers: { 'Idempotency-Key': key } }, status)
const keys = async () =>
  listed((await service.ask('listIssuerKeys', {}, 200))['items']).filter(isJsonObject)
const codeOf = ({ code, detail }: JsonObject) => ({ code, detail })

describe('the keys of an issuer over HTTP', () => {
  it('K4: lists the new key at once, and says when it signs', async () => {
    await issue()
    const rotated = await rotate({ kid: 'dev-p256' }, 200)
    expect(rotated).toEqual({
      mode: 'planned',
      at: '2026-01-15T12:00:00Z',
      signing: {
        kid: 'dev-p256',
        verificationMethod: 'did:web:trust.example.com:issuers:registry#dev-p256',
        from: '2026-01-15T12:07:05Z',
      },
    })
    expect(await keys()).toMatchObject([
      { kid: 'dev-p256', state: 'published', signsFrom: '2026-01-15T12:07:05Z' },
      { kid: 'dev-ed25519', state: 'signing', liveCredentials: 1, configured: true },
    ])
    const { assertionMethod } = await service.ask('getIssuerDocument', {}, 200)
    expect(assertionMethod).toHaveLength(2)
  })

  it('H13: answers the same rotation the same, and another under its key not at all', async () => {
    await issue()
    const first = await rotate({ kid: 'dev-p256' }, 200)
    expect(await rotate({ kid: 'dev-p256' }, 200)).toEqual(first)
    await rotate({ kid: 'dev-p256', overlapSeconds: 900 }, 422)
    expect(await keys()).toHaveLength(2)
  })

  it('K3: says how many credentials of a compromised key must be issued again, and which', async () => {
    await issue()
    const { withdrawn } = await rotate(
      { mode: 'compromise', compromised: 'dev-ed25519', kid: 'dev-p256' },
      200,
    )
    expect(withdrawn).toMatchObject({
      kid: 'dev-ed25519',
      liveCredentials: 1,
      credentials: 'https://trust.example.com/issuers/registry/credentials?key=dev-ed25519',
    })
    const found = await service.ask('listCredentials', { query: '?key=dev-ed25519' }, 200)
    expect(listed(found['items'])).toHaveLength(1)
    const none = await service.ask('listCredentials', { query: '?key=dev-p256' }, 200)
    expect(listed(none['items'])).toHaveLength(0)
    const { items } = await service.ask('listAuditRecords', {}, 200)
    expect(listed(items).filter(isJsonObject).at(-1)).toMatchObject({
      action: 'keys.compromise',
      actor: 'issuer registry',
    })
  })

  it('refuses in words that help', async () => {
    await issue()
    expect(codeOf(await rotate({ kid: 'dev-ed25519' }, 409, 'a'))).toMatchObject({
      code: 'key_in_use',
    })
    expect(await rotate({ kid: 'dev-p256', overlapSeconds: 424 }, 400, 'b')).toMatchObject({
      code: 'overlap_too_short',
      errors: [{ pointer: '/overlapSeconds', detail: 'must be at least 425' }],
    })
    expect(await rotate({ mode: 'compromise' }, 400, 'c')).toMatchObject({
      code: 'request_invalid',
      errors: [{ pointer: '/compromised' }],
    })
    expect(await rotate({ mode: 'retire', kid: 'dev-p256' }, 400, 'd')).toMatchObject({
      code: 'key_not_found',
    })
    await rotate({ kid: 'dev-p256' }, 200, 'e')
    expect(codeOf(await rotate({ kid: 'dev-p256' }, 409, 'f')).code).toBe('key_in_use')
  })

  it('K5: shows no private member of a key', async () => {
    await rotate({ mode: 'compromise', compromised: 'dev-ed25519', kid: 'dev-p256' }, 200)
    for (const operation of ['listIssuerKeys', 'getIssuerDocument', 'listAuditRecords'])
      expect(JSON.stringify(await service.ask(operation, {}, 200))).not.toMatch(
        /"(?:d|p|q|dp|dq|qi|k)":/,
      )
  })
})
