import { beforeEach, describe, expect, it } from 'vitest'
import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import { envelopedCredential } from '../../src/domain/credential/enveloped.ts'
import { canonicalJson } from '../../src/domain/json/canonical.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/domain/json/strict-json.ts'
import { readCompactJws } from '../../src/domain/jws.ts'
import { DEFAULT_POLICY } from '../../src/domain/trust/policy.ts'
import type { SealedDecision } from '../../src/ports/decisions.ts'
import type { Ports } from '../../src/ports/index.ts'
import { createChallenge } from '../../src/use-cases/challenge.ts'
import { changeCredentialStatus } from '../../src/use-cases/change-credential-status.ts'
import { decideCredential, decidePresentation } from '../../src/use-cases/decide-verification.ts'
import { putPolicy } from '../../src/use-cases/put-policy.ts'
import { replayDecision } from '../../src/use-cases/replay-decision.ts'
import { present } from '../support/presenting.ts'
import { AUDIENCE, aWorld, legalEntity, NOW } from '../support/world.ts'

let world: Awaited<ReturnType<typeof aWorld>>
let token: string
let challenge: string

beforeEach(async () => {
  world = await aWorld()
  ;({ token } = await world.issue({ credential: legalEntity(world.buyer.did) }))
  ;({ challenge } = createChallenge(world.ports, world.seller))
})

const presentation = () => present(world.buyer, [envelopedCredential(token)], challenge)

const decided = async (
  secured: string,
  { ports = world.ports, keep = world.change() } = {},
): Promise<NonNullable<Awaited<ReturnType<typeof answerOf>>['kept']>> => {
  const { kept } = await answerOf(secured, { ports, keep })
  if (kept === undefined) throw new Error('nothing was kept')
  return kept
}
const answerOf = async (secured: string, { ports = world.ports, keep = world.change() } = {}) => {
  const question = { challenge, domain: AUDIENCE }
  const decision = await decidePresentation(ports, world.seller, secured, question, keep)
  if (!decision.ok) throw new Error(decision.refusal.reason)
  return decision.value
}
const stored = async (id: string): Promise<SealedDecision> => {
  const found = await world.ports.verifiers.decision(world.seller.id, id)
  if (found === undefined) throw new Error('there is no such decision')
  return found
}
const evidenceOf = (sealed: SealedDecision): JsonObject => {
  const read = JSON.parse(sealed.evidence) as Json
  if (!isJsonObject(read)) throw new Error('evidence is an object')
  return read
}
const replay = (id: string, ports: Ports = world.ports) => replayDecision(ports, world.seller, id)

/** Ports of which those that reach out throw: whoever asks them has left the record. */
const away = (): Ports => {
  const never = (): never => {
    throw new Error('a replay asked the world')
  }
  return {
    ...world.ports,
    clock: { now: never },
    didResolver: { resolve: never },
    guardedFetch: { get: never },
    spentValues: { firstUse: never, firstUseBy: never },
    issuers: { ...world.ports.issuers, find: never, statusAt: never, accreditations: never },
  }
}

describe('evidence of a decision', () => {
  it('is sealed: canonical text, its digest, and a receipt over that by the verifier', async () => {
    const kept = await decided(await presentation())
    const sealed = await stored(kept.id)
    expect(sealed).toMatchObject({ digest: kept.digest, receipt: kept.receipt, verdict: 'valid' })
    expect(canonicalJson(evidenceOf(sealed))).toBe(sealed.evidence)
    const jws = readCompactJws(kept.receipt, 'decision-receipt')
    expect(jws.ok && jws.value.payload).toEqual({
      iss: world.seller.did,
      sub: kept.id,
      jti: kept.id,
      iat: NOW,
      evidence_digest: kept.digest,
      verdict: 'valid',
      trust: 'trusted',
      policy_version: 1,
    })
  })

  it('holds what was shown, asked, seen and found, with the policy and the clock', async () => {
    const secured = await presentation()
    const evidence = evidenceOf(await stored((await decided(secured)).id))
    expect(evidence).toMatchObject({
      kind: 'presentation',
      at: NOW,
      policy: { version: 1 },
      question: { verifiablePresentation: secured, challenge, domain: AUDIENCE },
      report: { verdict: 'valid', trust: 'trusted', holder: world.buyer.did },
    })
    const asked = (evidence['observations'] as readonly { asked: string }[]).map((one) => one.asked)
    expect(new Set(asked)).toEqual(
      new Set(['did_document', 'hosted_issuer', 'hosted_status', 'challenge']),
    )
  })

  it('H18: holds no secret of the verifier and no private key', async () => {
    const { evidence } = await stored((await decided(await presentation())).id)
    expect(evidence).not.toContain(world.seller.challengeSecret)
    expect(evidence).not.toMatch(/"d":|tokenHash|PRIVATE/)
    expect(evidence).toContain(challenge)
  })

  it('tells the decision in one event, with and without evidence', async () => {
    const told: unknown[] = []
    const events = { ...world.ports.events, verified: (event: unknown) => void told.push(event) }
    const ports = { ...world.ports, events }
    await answerOf(await presentation(), { ports })
    await decideCredential(ports, world.seller, token, undefined)
    expect(told).toEqual([
      { verifier: 'seller', what: 'presentation', verdict: 'valid', trust: 'trusted', codes: [] },
      { verifier: 'seller', what: 'credential', verdict: 'valid', trust: 'trusted', codes: [] },
    ])
  })

  it('is not made for a verifier without keys, and the challenge stays unspent', async () => {
    const secured = await presentation()
    const question = { challenge, domain: AUDIENCE }
    const keyless = { ...world.seller, keys: [] }
    const refused = await decidePresentation(
      world.ports,
      keyless,
      secured,
      question,
      world.change(),
    )
    expect(refused).toEqual({ ok: false, refusal: { reason: 'verifier_without_keys' } })
    const gone = { ...world.ports, signer: { ...world.ports.signer, keys: [] } }
    expect(await decidePresentation(gone, world.seller, secured, question, world.change())).toEqual(
      { ok: false, refusal: { reason: 'signing_key_missing' } },
    )
    expect((await answerOf(secured)).report.verdict).toBe('valid')
  })

  it('H13: one Idempotency-Key is one decision, and the challenge counts for it once', async () => {
    const keep = { ...world.change(), mark: { key: 'k', request: 'r' } }
    const secured = await presentation()
    const first = await answerOf(secured, { keep })
    const again = await answerOf(secured, { keep })
    expect(again.kept).toMatchObject({ id: first.kept?.id, receipt: first.kept?.receipt })
    expect(JSON.stringify(again.report)).toBe(JSON.stringify(first.report))
    expect((await answerOf(secured)).report.verdict).toBe('invalid')
  })

  it('H13: the key of a decision that was deleted decides nothing new', async () => {
    const keep = { ...world.change(), mark: { key: 'k', request: 'r' } }
    const secured = await presentation()
    const { id } = await decided(secured, { keep })
    await world.ports.verifiers.deleteDecision(world.seller.id, id, world.change())
    const question = { challenge, domain: AUDIENCE }
    expect(await decidePresentation(world.ports, world.seller, secured, question, keep)).toEqual({
      ok: false,
      refusal: { reason: 'decision_gone' },
    })
  })

  it('too large is refused before the challenge is spent', async () => {
    const policy = {
      ...DEFAULT_POLICY,
      anchors: Array.from({ length: 1_000 }, (_, at) => ({
        did: `did:web:anchor-${String(at)}.example.com` as const,
        types: Array.from({ length: 2 }, (__, n) => `${'T'.repeat(400)}${String(n)}`),
        validFrom: undefined,
        validUntil: undefined,
      })),
    }
    await putPolicy(world.ports, world.seller, policy, world.change())
    const secured = await presentation()
    const question = { challenge, domain: AUDIENCE }
    expect(
      await decidePresentation(world.ports, world.seller, secured, question, world.change()),
    ).toEqual({ ok: false, refusal: { reason: 'evidence_too_large' } })
    expect((await world.ports.verifiers.decisions(world.seller.id, FIRST_PAGE)).rows).toEqual([])
    await putPolicy(world.ports, world.seller, DEFAULT_POLICY, world.change())
    expect((await answerOf(secured)).report.verdict).toBe('valid')
  })
})

const FIRST_PAGE = { cursor: undefined, limit: 10 }

describe('replay of a decision', () => {
  it('comes to the same from the record alone, asking nobody', async () => {
    const { id } = await decided(await presentation())
    expect(await replay(id, away())).toEqual({
      ok: true,
      value: {
        outcome: 'same',
        receiptKey: 'configured',
        before: { verdict: 'valid', trust: 'trusted' },
        after: { verdict: 'valid', trust: 'trusted' },
        differences: [],
        missing: [],
      },
    })
  })

  it('comes to the same after the world has changed: revoked, untrusted, expired, key gone', async () => {
    const { id } = await decided(await presentation())
    const credential = await decideCredential(world.ports, world.seller, token, world.change())
    const { credentialId } = await issuedCredential()
    await changeCredentialStatus(
      world.ports,
      world.registrar,
      { credentialId, purpose: 'revocation', status: true },
      world.change(),
    )
    await putPolicy(world.ports, world.seller, DEFAULT_POLICY, world.change())
    world.pass(400 * 24 * 60 * 60)
    const now = await decideCredential(world.ports, world.seller, token, undefined)
    expect(now).toMatchObject({ value: { report: { verdict: 'invalid', trust: 'untrusted' } } })

    const keyless = { ...away(), signer: { ...world.ports.signer, keys: [] } }
    const same = { outcome: 'same', receiptKey: 'recorded', after: { verdict: 'valid' } }
    expect(await replay(id, keyless)).toMatchObject({ value: same })
    const kept = credential.ok ? credential.value.kept : undefined
    expect(await replay(kept?.id ?? '', keyless)).toMatchObject({ value: same })
  })

  it('replays what was refused as refused', async () => {
    const broken = `${token.slice(0, -4)}AAAA`
    const decision = await decideCredential(world.ports, world.seller, broken, world.change())
    const id = decision.ok ? (decision.value.kept?.id ?? '') : ''
    expect(await replay(id, away())).toMatchObject({
      value: { outcome: 'same', before: { verdict: 'invalid', trust: 'not_evaluated' } },
    })
    const unread = await decideCredential(world.ports, world.seller, { a: 1 }, world.change())
    const other = unread.ok ? (unread.value.kept?.id ?? '') : ''
    expect(await replay(other, away())).toMatchObject({ value: { outcome: 'same' } })
  })

  it('spends nothing, however often it is done', async () => {
    const secured = await presentation()
    const { id } = await decided(secured)
    await replay(id)
    await replay(id)
    expect((await answerOf(secured)).report.checks.at(-1)).toMatchObject({ code: 'nonce_invalid' })
    expect(await replay(id)).toMatchObject({ value: { outcome: 'same' } })
  })

  it('V6: a replay of a second use says what was said then: spent', async () => {
    const secured = await presentation()
    await decided(secured)
    const { id } = await decided(secured)
    expect(await replay(id, away())).toMatchObject({
      value: { outcome: 'same', before: { verdict: 'invalid' } },
    })
  })

  it('H9: knows nothing under another name', async () => {
    expect(await replay('nothing')).toEqual({ ok: false, refusal: { reason: 'not_found' } })
  })

  const issuedCredential = async () => {
    const { rows } = await world.ports.issuers.credentials(
      world.registrar.id,
      { subject: undefined, type: undefined, status: undefined, key: undefined },
      FIRST_PAGE,
    )
    const [first] = rows
    if (first === undefined) throw new Error('nothing was issued')
    return first
  }
})

describe('tampering with a stored decision', () => {
  /** The ports with the stored decision changed. */
  const tampered = (change: (sealed: SealedDecision) => Partial<SealedDecision>): Ports => ({
    ...world.ports,
    verifiers: {
      ...world.ports.verifiers,
      decision: async (id, decisionId) => {
        const found = await world.ports.verifiers.decision(id, decisionId)
        return found && { ...found, ...change(found) }
      },
    },
  })
  const digestOf = (text: string) => {
    const { digest } = world.ports
    return encodeBase64url(digest.sha256(utf8(text)))
  }
  const otherEvidence = (sealed: SealedDecision, change: JsonObject) => {
    const evidence = canonicalJson({ ...evidenceOf(sealed), ...change })
    return { evidence, digest: digestOf(evidence) }
  }

  it('leaves the control whole', async () => {
    const { id } = await decided(await presentation())
    expect(
      await replay(
        id,
        tampered(() => ({})),
      ),
    ).toMatchObject({ value: { outcome: 'same' } })
    expect(
      await replay(
        id,
        tampered((sealed) => otherEvidence(sealed, {})),
      ),
    ).toMatchObject({
      value: { outcome: 'same' },
    })
  })

  it.each<[string, string, (sealed: SealedDecision) => Partial<SealedDecision>]>([
    ['a byte of the evidence', 'digest', ({ evidence }) => ({ evidence: `${evidence} ` })],
    ['the digest alone', 'digest', () => ({ digest: 'A'.repeat(43) })],
    ['the clock, with its digest', 'record', (sealed) => otherEvidence(sealed, { at: NOW + 1 })],
    ['a member more, with its digest', 'record', (sealed) => otherEvidence(sealed, { more: 1 })],
    [
      'what was seen, with its digest',
      'receipt',
      (sealed) => otherEvidence(sealed, { observations: [] }),
    ],
    ['the verdict beside it', 'receipt', () => ({ verdict: 'invalid' })],
    ['the trust beside it', 'receipt', () => ({ trust: 'untrusted' })],
    ['the policy version beside it', 'record', () => ({ policyVersion: 2 })],
    ['the receipt', 'receipt', ({ receipt }) => ({ receipt: `${receipt.slice(0, -4)}AAAA` })],
    ['the receipt by none', 'receipt', () => ({ receipt: '' })],
  ])('is found when it changed %s', async (_, fault, change) => {
    const { id } = await decided(await presentation())
    expect(await replay(id, tampered(change))).toEqual({
      ok: false,
      refusal: { reason: 'evidence_broken', fault },
    })
  })

  it('is found when the record and its receipt are those of another decision', async () => {
    const one = await stored((await decided(await presentation())).id)
    const other = await decideCredential(world.ports, world.seller, token, world.change())
    const id = other.ok ? (other.value.kept?.id ?? '') : ''
    const { evidence, digest, receipt } = one
    const swapped = tampered(() => ({ evidence, digest, receipt }))
    expect(await replay(id, swapped)).toMatchObject({ refusal: { fault: 'record' } })
  })

  it('is found when another key sealed it anew and was written into the record', async () => {
    const { id } = await decided(await presentation())
    const forger = await aWorld()
    const [key] = forger.ports.signer.keys
    if (key === undefined) throw new Error('the forger has a key')
    const sealed = await stored(id)
    const { kid } = evidenceOf(sealed)['receiptKey'] as { kid: string }
    const { evidence, digest } = otherEvidence(sealed, {
      receiptKey: { kid, publicKeyJwk: { ...key.publicKeyJwk } },
    })
    const jws = readCompactJws(sealed.receipt, 'decision-receipt')
    const claims = jws.ok ? { ...jws.value.payload, evidence_digest: digest } : {}
    const receipt = await forger.ports.signer.sign('k1', { typ: 'lso-receipt+jwt', kid }, claims)
    const forged = tampered(() => ({ evidence, digest, receipt }))
    expect(await replay(id, forged)).toMatchObject({ refusal: { fault: 'receipt' } })
  })
})
