import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { isJsonObject, type Json, type JsonObject } from '../../src/domain/json/strict-json.ts'
import worker from '../../src/index.ts'
import { aParty, VCDM2 } from '../support/world.ts'

const { PUBLIC_URL, ADMIN_TOKEN } = env as unknown as Readonly<Record<string, string>>

async function send(
  method: string,
  path: string,
  token: string | undefined,
  body?: Json,
): Promise<JsonObject & { readonly status: number }> {
  const answer = await worker.fetch(
    new Request(`${PUBLIC_URL ?? ''}${path}`, {
      method,
      headers: { Authorization: `Bearer ${token ?? ''}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  )
  const read: Json = answer.status === 204 ? {} : await answer.json()
  return { ...(isJsonObject(read) ? read : {}), status: answer.status }
}

function textOf(value: Json | undefined): string {
  if (typeof value !== 'string') throw new Error('a text was expected')
  return value
}

it('seals a decision in its Durable Object, and replays it from there', async () => {
  const created = await send('POST', '/admin/verifiers', ADMIN_TOKEN, {
    id: 'evidence',
    name: 'Example',
    audience: 'https://as.example.com',
    keys: ['dev-p256'],
  })
  expect(created.status).toBe(201)
  const token = textOf(created['token'])
  const party = await aParty()
  const credential = await party.sign(
    { typ: 'vc+jwt', cty: 'vc' },
    {
      '@context': [VCDM2],
      type: ['VerifiableCredential'],
      issuer: party.did,
      credentialSubject: { id: party.did },
    },
  )
  const path = '/verifiers/evidence'
  const kept = await send('POST', `${path}/credentials/verify`, token, {
    verifiableCredential: credential,
    options: { keepEvidence: true },
  })
  expect(kept).toMatchObject({ status: 200, verdict: 'valid', trust: 'untrusted' })
  const decision = `${path}/decisions/${textOf(kept['decisionId'])}`
  expect(await send('GET', decision, token)).toMatchObject({
    status: 200,
    evidenceDigest: kept['evidenceDigest'],
    receipt: kept['receipt'],
  })
  expect(await send('POST', `${decision}/replay`, token)).toMatchObject({
    outcome: 'same',
    receiptKey: 'configured',
  })
  const draft = { policy: { acceptSelfIssued: true } }
  expect(await send('POST', `${path}/policy/dry-run`, token, draft)).toMatchObject({
    counts: { unchanged: 0, changed: 1, untried: 0 },
  })
  expect((await send('DELETE', decision, token)).status).toBe(204)
  expect((await send('GET', decision, token)).status).toBe(404)
})
