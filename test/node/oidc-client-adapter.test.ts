import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { clientAdapter } from '../../examples/oidc-provider/client-adapter.ts'
import { TrustError, type ClientStatus, type RegisteredClient } from '../../src/client/index.ts'

/* The client adapter of examples/oidc-provider, over a verifier that says what each test wants. */

const DID = 'did:web:buyer.example'
const SECONDS = 5

const CLIENT = {
  client_id: DID,
  client_name: 'Example Buyer Ltd',
  status: 'active',
  jwks: { keys: [] },
  redirect_uris: ['https://buyer.example/callback'],
  scope: 'openid lso:sonata:buyer lso:cantata:buyer',
  grant_types: ['authorization_code', 'implicit', 'client_credentials'],
  response_types: ['code id_token', 'code'],
  token_endpoint_auth_method: 'private_key_jwt',
  require_signed_request_object: true,
  // A client of the hybrid flow: this server has its own rules.
  require_pushed_authorization_requests: false,
  dpop_bound_access_tokens: false,
  decisionId: 'd1',
  validUntil: '2027-01-15T12:00:00Z',
  legalEntity: {},
} as const satisfies RegisteredClient & Readonly<Record<string, unknown>>

/** A verifier that answers with a status, or fails. */
function aVerifier(answer: () => ClientStatus) {
  const asked: string[] = []
  return {
    asked,
    clientStatus: async (client_id: string) => {
      asked.push(client_id)
      return { client_id, status: answer() }
    },
    client: async () => CLIENT,
  }
}
const failing = (reason: 'not_found' | 'service_unreachable') => (): ClientStatus => {
  throw new TrustError(reason)
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('clientAdapter', () => {
  it('F2, F4: finds an active client, with what the server offers and what FAPI 2.0 asks of everybody', async () => {
    const found = await clientAdapter(
      aVerifier(() => 'active'),
      SECONDS,
    ).find(DID)
    expect(found).toEqual({
      client_id: DID,
      client_name: 'Example Buyer Ltd',
      jwks: { keys: [] },
      redirect_uris: ['https://buyer.example/callback'],
      scope: 'openid lso:sonata:buyer',
      grant_types: ['authorization_code', 'client_credentials'],
      response_types: ['code'],
      token_endpoint_auth_method: 'private_key_jwt',
      require_signed_request_object: true,
      require_pushed_authorization_requests: true,
      dpop_bound_access_tokens: true,
      id_token_signed_response_alg: 'ES256',
    })
  })

  it.each(['suspended', 'revoked', 'degraded', 'unknown'] as const)(
    'finds no client that is %s',
    async (status) => {
      expect(
        await clientAdapter(
          aVerifier(() => status),
          SECONDS,
        ).find(DID),
      ).toBeUndefined()
    },
  )

  it('finds no client that was never accepted, and asks for nothing but DIDs', async () => {
    const verifier = aVerifier(failing('not_found'))
    const clients = clientAdapter(verifier, SECONDS)
    expect(await clients.find(DID)).toBeUndefined()
    expect(await clients.find('dashboard')).toBeUndefined()
    expect(verifier.asked).toEqual([DID])
  })

  it('keeps what it was told for an interval, and no longer', async () => {
    let status: ClientStatus = 'active'
    const clients = clientAdapter(
      aVerifier(() => status),
      SECONDS,
    )
    await clients.find(DID)
    status = 'revoked'
    vi.advanceTimersByTime(SECONDS * 1000 - 1)
    expect(await clients.find(DID)).toBeDefined()
    vi.advanceTimersByTime(1)
    expect(await clients.find(DID)).toBeUndefined()
  })

  it('lets nobody in when the service is away and the interval is over', async () => {
    let answer = (): ClientStatus => 'active'
    const clients = clientAdapter(
      aVerifier(() => answer()),
      SECONDS,
    )
    await clients.find(DID)
    answer = failing('service_unreachable')
    vi.advanceTimersByTime(SECONDS * 1000)
    await expect(clients.find(DID)).rejects.toThrow(TrustError)
  })
})
