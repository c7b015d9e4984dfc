import { describe, expect, it } from 'vitest'
import { createTrustClient, type TrustClient } from '../../src/client/index.ts'
import openapi from '../../schemas/openapi.json' with { type: 'json' }
import { answering, json } from '../support/answering.ts'

/* What the client reads of an operator's calls is what the description of the interface shows of them. */

const CLIENT = 'did:web:buyer.example.com'
const at = (trust: TrustClient) => ({
  seller: trust.verifier('seller'),
  registry: trust.issuer('registry'),
})

interface Call {
  readonly call: string
  readonly ask: (trust: TrustClient) => Promise<unknown>
  /** Members without which the answer is none. */
  readonly needs: readonly string[]
}

const CALLS: readonly Call[] = [
  {
    call: 'GET /issuers/{id}/keys',
    ask: (t) => at(t).registry.keys(),
    needs: ['items', 'leastOverlapSeconds'],
  },
  {
    call: 'POST /issuers/{id}/keys/rotate',
    ask: (t) => at(t).registry.rotateKeys({ mode: 'compromise', compromised: 'dev-ed25519' }),
    needs: ['mode', 'at'],
  },
  {
    call: 'PUT /issuers/{id}/linked-presentation',
    ask: (t) => at(t).registry.putAccreditations([]),
    needs: ['linkedPresentation', 'accreditations'],
  },
  { call: 'GET /issuers/{id}/audit', ask: (t) => at(t).registry.auditRecords(), needs: ['items'] },
  { call: 'GET /verifiers/{id}/audit', ask: (t) => at(t).seller.auditRecords(), needs: ['items'] },
  {
    call: 'GET /verifiers/{id}/audit/verify',
    ask: (t) => at(t).seller.verifyAudit(),
    needs: ['intact', 'records'],
  },
  { call: 'GET /verifiers/{id}/decisions', ask: (t) => at(t).seller.decisions(), needs: ['items'] },
  {
    call: 'POST /verifiers/{id}/decisions/{decisionId}/replay',
    ask: (t) => at(t).seller.replayDecision('d1'),
    needs: ['decisionId', 'outcome', 'before', 'differences', 'missing'],
  },
  {
    call: 'GET /verifiers/{id}/policy/versions',
    ask: (t) => at(t).seller.policyVersions(),
    needs: ['items'],
  },
  {
    call: 'GET /verifiers/{id}/clients/{client_id}/history',
    ask: (t) => at(t).seller.clientHistory(CLIENT),
    needs: ['client_id', 'items'],
  },
  {
    call: 'GET /verifiers/{id}/clients/{client_id}/holds',
    ask: (t) => at(t).seller.redirectHolds(CLIENT),
    needs: ['items'],
  },
  {
    call: 'POST /verifiers/{id}/clients/{client_id}/holds/{holdId}/approve',
    ask: (t) => at(t).seller.approveRedirectHold(CLIENT, 'h1'),
    needs: ['id', 'host', 'state', 'redirect_uris'],
  },
  {
    call: 'POST /verifiers/{id}/clients/{client_id}/holds/{holdId}/reject',
    ask: (t) => at(t).seller.rejectRedirectHold(CLIENT, 'h1'),
    needs: ['id', 'host', 'state', 'redirect_uris'],
  },
]

type Example = Readonly<Record<string, unknown>>

/** The example of the answer 200 in the description. */
function documented(call: string): Example {
  const [method = '', path = ''] = call.split(' ')
  const paths = openapi.paths as unknown as Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly responses: Readonly<Record<string, unknown>> }>>
    >
  >
  const answer = paths[path]?.[method.toLowerCase()]?.responses['200'] as
    { readonly content: { readonly 'application/json': { readonly example: Example } } } | undefined
  if (answer === undefined) throw new Error(`${call} is not described`)
  return answer.content['application/json'].example
}

const asking = async ({ ask }: Call, body: unknown) => {
  const { fetch, asked } = answering(json(body))
  const came = ask(createTrustClient({ url: 'https://trust.example', token: 't', fetch }))
  return { came: await came, asked: asked[0] }
}

describe.each(CALLS)('$call', (one) => {
  const example = documented(one.call)
  const [method = '', path = ''] = one.call.split(' ')

  it('is asked where the description says, and answered with what it shows', async () => {
    const { came, asked } = await asking(one, example)
    const pattern = path.replaceAll(/\{\w+\}/g, '[^/]+')
    expect([asked?.method, new URL(asked?.url ?? '').pathname]).toEqual([
      method,
      expect.stringMatching(new RegExp(`^${pattern}$`)),
    ])
    expect(came).toEqual(example)
  })

  it.each(one.needs)('is no answer without %s', async (member) => {
    const { [member]: _, ...rest } = example
    await expect(asking(one, rest)).rejects.toMatchObject({ reason: 'answer_unexpected' })
  })

  it.each([null, [], 'x', {}])('is no answer: %j', async (body) => {
    await expect(asking(one, body)).rejects.toMatchObject({ reason: 'answer_unexpected' })
  })
})
