import { beforeAll, describe, expect, it } from 'vitest'
import { envelopedCredential } from '../../src/domain/credential/enveloped.ts'
import { dateTimeStamp, later } from '../../src/domain/time.ts'
import { DEFAULT_POLICY, type TrustPolicy } from '../../src/domain/trust/policy.ts'
import { createChallenge } from '../../src/use-cases/challenge.ts'
import { decideCredential, decidePresentation } from '../../src/use-cases/decide-verification.ts'
import { dryRunPolicy } from '../../src/use-cases/dry-run-policy.ts'
import { present } from '../support/presenting.ts'
import { aParty, AUDIENCE, aWorld, legalEntity, NOW, VCDM2 } from '../support/world.ts'

let world: Awaited<ReturnType<typeof aWorld>>
/** Decisions in the order in which they were made. */
let ids: readonly string[]
let current: TrustPolicy

/** A credential of the registrar, presented; one that its subject issued; the first of both alone. */
beforeAll(async () => {
  world = await aWorld()
  const { ports, seller, buyer } = world
  const { token } = await world.issue({ credential: legalEntity(buyer.did) })
  const { challenge } = createChallenge(ports, seller)
  const shown = await present(buyer, [envelopedCredential(token)], challenge)
  const own = await buyer.sign(
    { typ: 'vc+jwt', cty: 'vc' },
    {
      '@context': [VCDM2],
      type: ['VerifiableCredential'],
      issuer: buyer.did,
      credentialSubject: { id: buyer.did },
    },
  )
  const question = { challenge, domain: AUDIENCE }
  const made = [
    await decidePresentation(ports, seller, shown, question, world.change()),
    await decideCredential(ports, seller, own, world.change()),
    await decideCredential(ports, seller, token, world.change()),
  ]
  ids = made.map((one) => (one.ok ? (one.value.kept?.id ?? '') : one.refusal.reason))
  const policy = await ports.verifiers.policy(seller.id)
  if (policy === undefined) throw new Error('the verifier has a policy')
  current = policy.policy
})

const dryRun = (change: Partial<TrustPolicy>, last = 100) =>
  dryRunPolicy(world.ports, world.seller, { ...current, ...change }, last)

describe('dryRunPolicy', () => {
  it('finds nothing changed under the policy of then', async () => {
    expect(await dryRun({})).toEqual({ decisions: 3, unchanged: 3, changed: [], untried: [] })
  })

  it('names what would be trusted no more, newest first, with the finding that changes', async () => {
    const { changed, unchanged, untried } = await dryRun({ anchors: [], maxChainDepth: 0 })
    expect(untried).toEqual([])
    expect(unchanged).toBe(1)
    expect(changed.map(({ id }) => id)).toEqual([ids[2], ids[0]])
    expect(changed[1]).toMatchObject({
      kind: 'presentation',
      subject: world.buyer.did,
      before: { verdict: 'valid', trust: 'trusted' },
      after: { verdict: 'valid', trust: 'untrusted' },
      differences: [
        {
          credential: 0,
          before: { check: 'trust', outcome: 'pass' },
          after: { check: 'trust', outcome: 'fail', code: 'issuer_untrusted' },
        },
      ],
    })
  })

  it('names what would be trusted from now on', async () => {
    const { changed } = await dryRun({ acceptSelfIssued: true })
    expect(changed).toMatchObject([
      { id: ids[1], before: { trust: 'untrusted' }, after: { trust: 'trusted' } },
    ])
  })

  it('looks at no more than the last so many', async () => {
    const { decisions, changed } = await dryRun({ anchors: [], maxChainDepth: 0 }, 1)
    expect([decisions, changed.map(({ id }) => id)]).toEqual([1, [ids[2]]])
  })

  it('says so where the draft needs what is not on record, and asks nobody', async () => {
    const never = () => {
      throw new Error('a dry run asked the world')
    }
    const ports = {
      ...world.ports,
      didResolver: { resolve: never },
      guardedFetch: { get: never },
      issuers: { ...world.ports.issuers, find: never, statusAt: never, accreditations: never },
    }
    const draft = { ...current, anchors: [{ ...anAnchor, did: (await aParty()).did as never }] }
    const { untried, changed } = await dryRunPolicy(ports, world.seller, draft, 100)
    expect(changed).toEqual([])
    expect(untried.map(({ id, reason }) => [id, reason])).toContainEqual([ids[2], 'not_on_record'])
    expect(untried[0]?.missing.map(({ asked }) => asked)).toContain('hosted_accreditations')
    for (const { missing } of untried)
      expect(new Set(missing.map((one) => JSON.stringify(one))).size).toBe(missing.length)
  })

  it('sets a decision aside whose seal does not hold', async () => {
    const { verifiers } = world.ports
    const ports = {
      ...world.ports,
      verifiers: {
        ...verifiers,
        latestDecisions: async (...[id, page]: Parameters<typeof verifiers.latestDecisions>) => {
          const found = await verifiers.latestDecisions(id, page)
          return {
            ...found,
            rows: found.rows.map((row) => ({ ...row, trust: 'trusted' as const })),
          }
        },
      },
    }
    const { untried, unchanged } = await dryRunPolicy(ports, world.seller, current, 100)
    expect(unchanged).toBe(2)
    expect(untried).toMatchObject([{ id: ids[1], reason: 'evidence_broken', missing: [] }])
  })

  it.each([
    { name: 'one of its own', challenge: 'caller-1', after: 'valid' },
    { name: 'a forged one', challenge: 'lso-challenge.forged', after: undefined },
  ])('V6: counts a challenge that was not looked at as good, $name: $after', async (row) => {
    const { ports, seller, change } = await aWorld()
    const holder = await aParty()
    const own = await holder.sign(
      { typ: 'vc+jwt', cty: 'vc' },
      {
        '@context': [VCDM2],
        id: 'https://holder.example/credentials/1',
        issuer: holder.did,
        validFrom: dateTimeStamp(NOW),
        validUntil: dateTimeStamp(later(NOW, 86_400)),
        ...legalEntity(holder.did),
      },
    )
    const shown = await present(holder, [envelopedCredential(own)], row.challenge)
    const question = { challenge: row.challenge, domain: AUDIENCE }
    await decidePresentation(ports, seller, shown, question, change())
    const draft = { ...current, requireStatus: false }
    const { changed, untried } = await dryRunPolicy(ports, seller, draft, 1)
    expect(untried).toEqual([])
    expect(changed.map(({ after }) => after.verdict)).toEqual(
      row.after === undefined ? [] : [row.after],
    )
  })

  it('stores nothing', async () => {
    const page = { cursor: undefined, limit: 100 }
    const before = await world.ports.verifiers.audit(world.seller.id, page)
    await dryRun({ ...DEFAULT_POLICY })
    expect(await world.ports.verifiers.audit(world.seller.id, page)).toEqual(before)
    expect((await world.ports.verifiers.policy(world.seller.id))?.version).toBe(1)
  })
})

const anAnchor = {
  types: ['LsoIssuerAccreditationCredential'],
  validFrom: undefined,
  validUntil: undefined,
}
