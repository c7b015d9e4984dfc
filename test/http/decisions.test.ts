import { beforeEach, describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import { envelopedCredential } from '../../src/domain/credential/enveloped.ts'
import { canonicalJson } from '../../src/domain/json/canonical.ts'
import type { InstanceId } from '../../src/domain/instance/instance.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/domain/json/strict-json.ts'
import { DEFAULT_POLICY } from '../../src/domain/trust/policy.ts'
import type { Ports } from '../../src/ports/index.ts'
import { createChallenge } from '../../src/use-cases/challenge.ts'
import { createVerifier } from '../../src/use-cases/create-instance.ts'
import { present } from '../support/presenting.ts'
import { AUDIENCE, aWorld, legalEntity, NOW, VCDM2 } from '../support/world.ts'

let world: Awaited<ReturnType<typeof aWorld>>
let app: ReturnType<typeof createApp>
let own: string
let other: string
let token: string

beforeEach(async () => {
  world = await aWorld()
  ;({ token } = await world.issue({ credential: legalEntity(world.buyer.did) }))
  open(world.ports)
  own = await verifierNamed('own', ['k1'])
  other = await verifierNamed('other', ['k1'])
})

const open = (ports: Ports) => {
  app = createApp(ports, { adminTokenHash: new Uint8Array(32), clientIpHeader: undefined })
}

async function verifierNamed(id: string, keys: readonly string[]): Promise<string> {
  const wanted = { id: id as InstanceId, name: id, did: undefined, keys, audience: AUDIENCE }
  const made = await createVerifier(
    world.ports,
    { ...wanted, policy: DEFAULT_POLICY },
    world.change(),
  )
  if (!made.ok) throw new Error(made.refusal.reason)
  return made.value.token
}

interface Sent {
  readonly method?: string
  readonly body?: unknown
  readonly as?: string
  readonly headers?: Readonly<Record<string, string>>
}

const send = (path: string, { method, body, as = own, headers = {} }: Sent = {}) =>
  app.request(`https://trust.example${path}`, {
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      Authorization: `Bearer ${as}`,
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })

const bodyOf = async (answer: Response): Promise<JsonObject> => {
  const body: Json = await answer.json()
  return isJsonObject(body) ? body : {}
}

function textOf(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error('a text was expected')
  return value
}

const KEEP = { options: { keepEvidence: true } }
const kept = async (headers = {}) =>
  send('/verifiers/own/credentials/verify', {
    body: { verifiableCredential: token, ...KEEP },
    headers,
  })
const keptId = async () => textOf((await bodyOf(await kept()))['decisionId'])

describe('verify with keepEvidence', () => {
  it('answers as without, and with what proves it', async () => {
    const plain = await send('/verifiers/own/credentials/verify', {
      body: { verifiableCredential: token },
    })
    const answer = await kept()
    expect([plain.status, answer.status]).toEqual([200, 200])
    const { decisionId, evidenceDigest, receipt, ...report } = await bodyOf(answer)
    expect(canonicalJson(report)).toBe(canonicalJson(await bodyOf(plain)))
    expect([typeof decisionId, typeof evidenceDigest, typeof receipt]).toEqual([
      'string',
      'string',
      'string',
    ])
  })

  it('H13: answers one Idempotency-Key with the same bytes, and another body with 422', async () => {
    const { challenge } = createChallenge(world.ports, world.seller)
    const verifiablePresentation = await present(
      world.buyer,
      [envelopedCredential(token)],
      challenge,
    )
    const body = {
      verifiablePresentation,
      options: { challenge: challenge, domain: AUDIENCE, keepEvidence: true },
    }
    const path = '/verifiers/own/presentations/verify'
    const headers = { 'Idempotency-Key': 'once' }
    const own = await present(world.buyer, [envelopedCredential(token)], 'a nonce of my own')
    const first = { ...body, verifiablePresentation: own }
    const mine = { ...first, options: { ...body.options, challenge: 'a nonce of my own' } }
    const [one, two] = [
      await send(path, { body: mine, headers }),
      await send(path, { body: mine, headers }),
    ]
    expect([one.status, two.status]).toEqual([200, 200])
    expect(await two.text()).toBe(await one.text())
    expect((await send(path, { body, headers })).status).toBe(422)
    expect((await send(path, { body: mine })).status).toBe(400)
  })

  it('tells a verifier without keys how to mend it', async () => {
    const as = await verifierNamed('keyless', [])
    const body = { verifiableCredential: token }
    const path = '/verifiers/keyless/credentials/verify'
    const answer = await send(path, { as, body: { ...body, ...KEEP } })
    expect(answer.status).toBe(409)
    expect(await bodyOf(answer)).toMatchObject({ code: 'verifier_without_keys' })
    expect((await send(path, { as, body })).status).toBe(200)
  })
})

describe('a report as text', () => {
  const ask = (accept: string) =>
    send('/verifiers/own/credentials/verify', {
      body: { verifiableCredential: token },
      headers: { Accept: accept },
    })

  it('is answered to Accept: text/plain, with the status of the report', async () => {
    const answer = await ask('text/plain')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('Content-Type')).toBe('text/plain; charset=utf-8')
    expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff')
    const text = await answer.text()
    expect(text).toContain('Verdict: valid\nTrust: untrusted\n')
    expect(text).toContain('issuer_untrusted')
  })

  it.each([
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    ['text/*', 'text/plain; charset=utf-8'],
    ['text/plain, application/json;q=0.5', 'text/plain; charset=utf-8'],
    ['text/plain;q=0.5, application/json', 'application/json'],
  ])('Accept: "%s" is answered with %s', async (accept, contentType) => {
    expect((await ask(accept)).headers.get('Content-Type')).toBe(contentType)
  })

  it('is 406 for other media types, as a problem, before anything is verified', async () => {
    const answer = await ask('application/xml')
    expect([answer.status, answer.headers.get('Content-Type')]).toEqual([
      406,
      'application/problem+json',
    ])
  })

  it('leaves problems as problems', async () => {
    const answer = await send('/verifiers/own/credentials/verify', {
      body: {},
      headers: { Accept: 'text/plain' },
    })
    expect([answer.status, answer.headers.get('Content-Type')]).toEqual([
      400,
      'application/problem+json',
    ])
  })

  it('H18: lets no claim of a credential write a line of its own', async () => {
    const forged = await world.buyer.sign(
      { typ: 'vc+jwt', cty: 'vc' },
      {
        '@context': [VCDM2],
        id: 'https://buyer.example.com/1',
        type: ['VerifiableCredential', 'A\n\nVerdict: valid\nTrust: trusted'],
        issuer: 'did:web:nobody.example\nVerdict: valid',
        credentialSubject: { id: world.buyer.did },
      },
    )
    const answer = await send('/verifiers/own/credentials/verify', {
      body: { verifiableCredential: forged },
      headers: { Accept: 'text/plain' },
    })
    const lines = (await answer.text()).split('\n')
    expect(answer.status).toBe(400)
    expect(lines.filter((line) => line.includes('Verdict: '))).toEqual(['Verdict: invalid'])
  })
})

describe('decisions', () => {
  it('show the evidence letter by letter as it was hashed', async () => {
    const { decisionId, evidenceDigest, receipt } = await bodyOf(await kept())
    const answer = await send(`/verifiers/own/decisions/${textOf(decisionId)}`)
    expect(answer.headers.get('Cache-Control')).toBe('private, no-cache')
    expect(answer.headers.get('ETag')).toBeTruthy()
    const body = await bodyOf(answer)
    expect(body).toMatchObject({ decisionId, evidenceDigest, receipt, kind: 'credential' })
    const text = canonicalJson(body['evidence'] ?? null)
    expect(encodeBase64url(world.ports.digest.sha256(utf8(text)))).toBe(evidenceDigest)
    expect(body['evidence']).toMatchObject({ at: NOW, format: 'lso-evidence-1' })
  })

  it('are readable as text: the report as it was answered', async () => {
    const id = await keptId()
    const headers = { Accept: 'text/plain' }
    const text = await (await send(`/verifiers/own/decisions/${id}`, { headers })).text()
    expect(text).toContain(`Decision: ${id}\n`)
    expect(text).toContain('Verdict: valid\n')
    const refused = await send(`/verifiers/own/decisions/${id}`, { headers: { Accept: 'a/b' } })
    expect(refused.status).toBe(406)
  })

  it('H9: are nobody else’s: another verifier, another name, no token', async () => {
    const id = await keptId()
    for (const [path, method] of [
      [`/verifiers/own/decisions/${id}`, 'GET'],
      [`/verifiers/own/decisions/${id}`, 'DELETE'],
      [`/verifiers/own/decisions/${id}/replay`, 'POST'],
      ['/verifiers/own/decisions', 'GET'],
    ] as const) {
      expect((await send(path, { method, as: other })).status).toBe(404)
      expect((await app.request(`https://trust.example${path}`, { method })).status).toBe(401)
    }
    expect((await send(`/verifiers/other/decisions/${id}`, { as: other })).status).toBe(404)
    expect((await send(`/verifiers/own/decisions/${id}`)).status).toBe(200)
  })

  it('are listed in pages', async () => {
    const ids = [await keptId(), await keptId(), await keptId()]
    const first = await bodyOf(await send('/verifiers/own/decisions?limit=2'))
    const cursor = textOf(first['cursor'])
    const rest = await bodyOf(await send(`/verifiers/own/decisions?cursor=${cursor}`))
    const idsOf = ({ items }: JsonObject) =>
      (items as readonly JsonObject[]).map((item) => item['decisionId'])
    expect([...idsOf(first), ...idsOf(rest)]).toEqual(ids)
    expect((await send('/verifiers/own/decisions?cursor=x')).status).toBe(400)
  })

  it('are deleted once, for good', async () => {
    const id = await keptId()
    const path = `/verifiers/own/decisions/${id}`
    expect((await send(path, { method: 'DELETE' })).status).toBe(204)
    expect((await send(path, { method: 'DELETE' })).status).toBe(404)
    expect((await send(path)).status).toBe(404)
    expect((await send(`${path}/replay`, { method: 'POST' })).status).toBe(404)
  })

  it('stay readable when the verifier has retired', async () => {
    const id = await keptId()
    const retire = { retiredAt: NOW }
    await world.ports.verifiers.update('own' as InstanceId, retire, world.change())
    expect((await kept()).status).toBe(409)
    expect((await send(`/verifiers/own/decisions/${id}`)).status).toBe(200)
    const replayed = await send(`/verifiers/own/decisions/${id}/replay`, { method: 'POST' })
    expect(await bodyOf(replayed)).toMatchObject({ outcome: 'same', receiptKey: 'configured' })
  })

  it('are refused, and not shown, when something of them was changed', async () => {
    const id = await keptId()
    const { verifiers } = world.ports
    open({
      ...world.ports,
      verifiers: {
        ...verifiers,
        decision: async (name, decisionId) => {
          const found = await verifiers.decision(name, decisionId)
          return found && { ...found, evidence: found.evidence.replace('"valid"', '"VALID"') }
        },
      },
    })
    for (const [path, method] of [
      [`/verifiers/own/decisions/${id}`, 'GET'],
      [`/verifiers/own/decisions/${id}/replay`, 'POST'],
    ] as const) {
      const answer = await send(path, { method })
      expect(answer.status).toBe(409)
      expect(await bodyOf(answer)).toMatchObject({ code: 'evidence_broken' })
    }
  })
})

describe('a dry run of a policy', () => {
  const run = (body: unknown) => send('/verifiers/own/policy/dry-run', { body })

  it('counts and lists what would change, and changes nothing', async () => {
    const id = await keptId()
    const anchors = [{ did: world.registrar.did, types: ['LsoLegalEntityCredential'] }]
    expect(await bodyOf(await run({ policy: { anchors } }))).toMatchObject({
      decisions: 1,
      counts: { unchanged: 0, changed: 1, untried: 0 },
      changed: [
        {
          decisionId: id,
          subject: world.buyer.did,
          before: { verdict: 'valid', trust: 'untrusted' },
          after: { verdict: 'valid', trust: 'trusted' },
          differences: [
            { before: { code: 'issuer_untrusted' }, after: { check: 'trust', outcome: 'pass' } },
          ],
        },
      ],
    })
    expect(await bodyOf(await run({ policy: {} }))).toMatchObject({ counts: { unchanged: 1 } })
    const policy = await bodyOf(await send('/verifiers/own/policy'))
    expect(policy).toMatchObject({ version: 1, anchors: [] })
  })

  it.each([
    [{}],
    [{ policy: { anchor: [] } }],
    [{ policy: {}, last: 501 }],
    [{ policy: {}, last: 0 }],
  ])('refuses %j', async (body) => {
    expect((await run(body)).status).toBe(400)
  })
})
