import { beforeAll, describe, expect, it } from 'vitest'
import { sha256Text } from '../../src/adapters/system/sha256.ts'
import { encodeBase64url } from '../../src/client/base64url.ts'
import { verifyEvidence, type Decision } from '../../src/client/index.ts'
import { sealClaims } from '../../src/domain/evidence/receipt.ts'
import type { Evidence } from '../../src/domain/evidence/evidence.ts'
import { canonicalJson } from '../../src/domain/json/canonical.ts'
import type { JsonObject } from '../../src/domain/json/strict-json.ts'
import { NOW } from '../support/world.ts'

const ISSUER = 'did:web:trust.example:verifiers:seller'
const KID = `${ISSUER}#k1`
const bytes = (text: string) => new Uint8Array(new TextEncoder().encode(text))
const part = (value: unknown) => encodeBase64url(bytes(JSON.stringify(value)))

/** Member names that no reader may sort as numbers, and texts of every kind. */
const EVIDENCE: JsonObject = {
  format: 'lso-evidence-1',
  decisionId: 'd1',
  kind: 'credential',
  at: NOW,
  verifier: { id: 'seller', did: ISSUER },
  policy: { version: 3 },
  question: { '10': 'x', '9': 'ä\u2028"', '': null, Z: 1e21, a: [0.1, -0, true] },
}

let privateKey: CryptoKey
let jwks: { readonly keys: readonly Readonly<Record<string, string>>[] }
let good: Decision

beforeAll(async () => {
  const pair = await crypto.subtle.generateKey({ name: 'Ed25519' }, true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new Error('no pair')
  ;({ privateKey } = pair)
  const exported = JSON.parse(
    JSON.stringify(await crypto.subtle.exportKey('jwk', pair.publicKey)),
  ) as Readonly<Record<string, string>>
  const { kty = '', crv = '', x = '' } = exported
  jwks = { keys: [{ kty, crv, x, kid: KID, alg: 'EdDSA', use: 'sig' }] }
  good = await decisionOf({})
})

async function signed(header: object, claims: object): Promise<string> {
  const input = `${part({ alg: 'EdDSA', kid: KID, ...header })}.${part(claims)}`
  const signature = await crypto.subtle.sign({ name: 'Ed25519' }, privateKey, bytes(input))
  return `${input}.${encodeBase64url(new Uint8Array(signature))}`
}

/** A decision as the service seals it; `change` replaces claims of its receipt. */
async function decisionOf(change: object, header: object = {}): Promise<Decision> {
  const evidenceDigest = sha256Text(canonicalJson(EVIDENCE))
  const outcome = { verdict: 'valid', trust: 'trusted' } as const
  const sealed = sealClaims(EVIDENCE as unknown as Evidence, outcome, evidenceDigest)
  return {
    decisionId: 'd1',
    kind: 'credential',
    at: '2026-01-15T12:00:00Z',
    ...outcome,
    policyVersion: 3,
    evidenceDigest,
    receipt: await signed({ typ: sealed.typ, ...header }, { ...sealed.claims, ...change }),
    evidence: JSON.parse(JSON.stringify(EVIDENCE)) as JsonObject,
  }
}

const codeOf = async (decision: Decision, issuer = ISSUER) => {
  const verified = await verifyEvidence(decision, { jwks, issuer })
  return verified.valid ? undefined : verified.code
}

describe('verifyEvidence', () => {
  it('accepts the decision that every refusal below is made from', async () => {
    expect(await verifyEvidence(good, { jwks, issuer: ISSUER })).toMatchObject({
      valid: true,
      claims: { sub: 'd1', evidence_digest: good.evidenceDigest },
    })
  })

  it.each<[string, () => Decision]>([
    [
      'another word in the evidence',
      () => ({ ...good, evidence: { ...good.evidence, at: NOW + 1 } }),
    ],
    ['one thing more in it', () => ({ ...good, evidence: { ...good.evidence, more: null } })],
    ['the evidence of another decision', () => ({ ...good, decisionId: 'd2' })],
    ['another verdict beside it', () => ({ ...good, verdict: 'invalid' })],
    ['another trust beside it', () => ({ ...good, trust: 'untrusted' })],
    ['another version of the policy', () => ({ ...good, policyVersion: 4 })],
    ['another digest', () => ({ ...good, evidenceDigest: 'x' })],
  ])('refuses %s', async (_, changed) => {
    expect(await codeOf(changed())).toBe('evidence_broken')
    expect(await codeOf(good)).toBeUndefined()
  })

  it.each<[string, object, object, string]>([
    ['a receipt over something else', { evidence_digest: 'x' }, {}, 'evidence_broken'],
    ['a receipt of somebody else', { iss: 'did:web:other.example' }, {}, 'issuer_mismatch'],
    ['a token that is no receipt', {}, { typ: 'vc+jwt' }, 'typ_mismatch'],
    ['a key that is not of the verifier', {}, { kid: `${ISSUER}#k2` }, 'kid_not_found'],
    ['an unsigned receipt', {}, { alg: 'none' }, 'alg_not_allowed'],
  ])('refuses %s', async (_, claims, header, code) => {
    expect(await codeOf(await decisionOf(claims, header))).toBe(code)
  })

  it('refuses a receipt whose signature was changed', async () => {
    const [head, body] = good.receipt.split('.')
    const receipt = `${String(head)}.${String(body)}.${encodeBase64url(new Uint8Array(64))}`
    expect(await codeOf({ ...good, receipt })).toBe('signature_invalid')
  })
})
