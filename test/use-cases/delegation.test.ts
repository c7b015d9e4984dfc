import { beforeEach, describe, expect, it } from 'vitest'
import { envelopedCredential } from '../../src/domain/credential/enveloped.ts'
import { DELEGATION, LEGAL_ENTITY } from '../../src/domain/trust/delegation.ts'
import { DEFAULT_POLICY, type TrustPolicy } from '../../src/domain/trust/policy.ts'
import type { Issuer } from '../../src/domain/instance/instance.ts'
import type { Json, JsonObject } from '../../src/domain/json/strict-json.ts'
import { createChallenge } from '../../src/use-cases/challenge.ts'
import { verificationContext } from '../../src/use-cases/verification-context.ts'
import { verifyCredential } from '../../src/use-cases/verify-credential.ts'
import { verifyPresentationBy } from '../support/verify-presentation.ts'
import {
  accreditation,
  anotherIssuer,
  claimsOf,
  days,
  issuedBy,
} from '../support/accreditations.ts'
import { aParty, AUDIENCE, aWorld, legalEntity, VCDM2 } from '../support/world.ts'

let world: Awaited<ReturnType<typeof aWorld>>
/** The delegator: a participant that can issue, since it signs the delegation. */
let seller: Issuer
let delegate: Awaited<ReturnType<typeof aParty>>
let policy: TrustPolicy

beforeEach(async () => {
  world = await aWorld()
  seller = await anotherIssuer(world, 'provider')
  delegate = world.buyer
  policy = {
    ...DEFAULT_POLICY,
    delegation: 'allow',
    anchors: [
      {
        did: world.registrar.did,
        types: [LEGAL_ENTITY],
        validFrom: undefined,
        validUntil: undefined,
      },
    ],
  }
})

const entity = async (did: string, change: JsonObject = {}) => {
  const { credentialSubject, ...rest } = legalEntity(did)
  const subject = { ...(credentialSubject as JsonObject), ...change }
  return issuedBy(world, world.registrar, { ...rest, credentialSubject: subject })
}
const delegation = (subject: JsonObject = {}, change: JsonObject = {}, by: Issuer = seller) =>
  issuedBy(world, by, {
    type: ['VerifiableCredential', DELEGATION],
    validFrom: days(0),
    validUntil: days(30),
    credentialSubject: {
      id: delegate.did,
      type: 'Delegate',
      delegator: seller.did,
      scope: ['sonata:quote.read'],
      trustDomain: 'example-exchange',
      ...subject,
    },
    ...change,
  })
/** The three credentials of Model 2: the delegate's own entity, the delegation, the delegator's entity. */
const model2 = async (
  changes: {
    readonly delegate?: JsonObject
    readonly delegation?: JsonObject
    readonly delegator?: JsonObject
    readonly period?: JsonObject
    readonly by?: Issuer
  } = {},
) => [
  await entity(delegate.did, changes.delegate),
  await delegation(changes.delegation, changes.period, changes.by),
  await entity(seller.did, changes.delegator),
]
const present = async (
  credentials: readonly { readonly token: string }[],
  change: Partial<TrustPolicy> = {},
) => {
  const { challenge } = createChallenge(world.ports, world.seller)
  const now = world.ports.clock.now()
  const token = await delegate.sign(
    { typ: 'vp+jwt', cty: 'vp' },
    {
      '@context': [VCDM2],
      type: ['VerifiablePresentation'],
      holder: delegate.did,
      verifiableCredential: credentials.map((one) => envelopedCredential(one.token)),
      nonce: challenge,
      aud: AUDIENCE,
      iat: now,
      exp: now + 120,
    },
  )
  const context = await verificationContext(world.ports, world.seller)
  return verifyPresentationBy(
    world.ports,
    world.seller,
    token,
    { challenge, domain: AUDIENCE },
    { ...context, policy: { ...context.policy, policy: { ...policy, ...change } } },
  )
}
type Report = Awaited<ReturnType<typeof present>>
const codes = ({ checks }: Pick<Report, 'checks'>) =>
  checks.flatMap(({ code }) => (code === undefined ? [] : [code]))
const conditions = ({ checks }: Pick<Report, 'checks'>): readonly Json[] =>
  checks.flatMap(({ code, evidence }) =>
    code === 'delegation_denied' ? [(evidence as JsonObject)['conditions'] ?? null] : [],
  )

describe('delegation (Model 2, R58)', () => {
  it('V13: counts where the policy allows it and both legal entities are shown', async () => {
    const report = await present(await model2())
    expect(report).toMatchObject({ verdict: 'valid', trust: 'trusted' })
    expect(report.credentials.map(({ trust }) => trust)).toEqual(Array(3).fill('trusted'))
    expect(report.checks).toContainEqual({
      check: 'trust',
      outcome: 'pass',
      rule: 'R58',
      evidence: {
        credential: 1,
        delegator: seller.did,
        scope: ['sonata:quote.read'],
        trustDomain: 'example-exchange',
      },
    })
    expect(report.checks).toContainEqual({
      check: 'holder_binding',
      outcome: 'pass',
      rule: 'R58',
      evidence: { credential: 2 },
    })
  })

  it('V13: is denied by default, and the delegator’s credential is then no business of the holder', async () => {
    const report = await present(await model2(), { delegation: DEFAULT_POLICY.delegation })
    expect(report).toMatchObject({ verdict: 'invalid', trust: 'untrusted' })
    expect(codes(report)).toEqual(['holder_binding_failed', 'delegation_denied'])
    expect(conditions(report)).toEqual([['policy']])
  })

  it.each([
    {
      when: 'the delegate is of another trust domain',
      changes: { delegate: { trustDomain: 'other' } },
      failing: ['trust_domain'],
    },
    {
      when: 'the delegator is of another trust domain',
      changes: { delegator: { trustDomain: 'other' } },
      failing: ['trust_domain'],
    },
    {
      when: 'the delegation is for another trust domain',
      changes: { delegation: { trustDomain: 'other' } },
      failing: ['trust_domain'],
    },
    {
      when: 'its scope is of an interface of which the delegator is no part',
      changes: { delegation: { scope: ['sonata:quote.read', 'Legato'] } },
      failing: ['scope'],
    },
    {
      when: 'its scope names such an interface behind another word',
      changes: { delegation: { scope: ['lso:Interlude'] } },
      failing: ['scope'],
    },
    {
      when: 'its scope names such an interface in capitals',
      changes: { delegation: { scope: ['INTERLUDE:x'] } },
      failing: ['scope'],
    },
    {
      when: 'the delegator takes part in no interface',
      changes: { delegator: { lsoInterfaces: [] } },
      failing: ['scope'],
    },
  ])('V13: is denied when $when', async ({ changes, failing }) => {
    const report = await present(await model2(changes))
    expect(report).toMatchObject({ verdict: 'invalid', trust: 'untrusted' })
    expect(conditions(report)).toEqual([failing])
  })

  it.each([
    {
      when: 'all three are of another trust domain that the policy does not name',
      changes: {
        delegate: { trustDomain: 'other' },
        delegator: { trustDomain: 'other' },
        delegation: { trustDomain: 'other' },
      },
    },
    {
      when: 'its scope is of an interface of the delegator, however it is written',
      changes: {
        delegator: { lsoInterfaces: ['Sonata', 'Legato'] },
        delegation: { scope: ['LEGATO', 'Sonata/order', 'quote:create'] },
      },
    },
  ])('V13: counts when $when', async ({ changes }) => {
    expect(await present(await model2(changes))).toMatchObject({
      verdict: 'valid',
      trust: 'trusted',
    })
  })

  it('V13: is denied across the trust domain of the policy', async () => {
    const all = await model2()
    const other = await present(all, { trustDomain: 'another-exchange' })
    expect(other).toMatchObject({ verdict: 'invalid', trust: 'untrusted' })
    expect(codes(other)).toContain('delegation_denied')
    expect((await present(all, { trustDomain: 'example-exchange' })).trust).toBe('trusted')
  })

  it('V13: is denied when somebody else than the delegator issued it', async () => {
    const report = await present(await model2({ by: world.registrar }))
    expect(report).toMatchObject({ verdict: 'invalid', trust: 'untrusted' })
    expect(conditions(report)).toEqual([['issuer_is_not_delegator']])
  })

  it.each([
    { missing: 0, condition: 'delegate_entity_untrusted', verdict: 'invalid' },
    { missing: 2, condition: 'delegator_entity_untrusted', verdict: 'valid' },
  ])('V13: is denied without credential $missing', async ({ missing, condition, verdict }) => {
    const report = await present((await model2()).filter((_, at) => at !== missing))
    expect(report).toMatchObject({ verdict, trust: 'untrusted' })
    expect(conditions(report)).toEqual([[condition]])
  })

  it('V13: who shows its own entity and another’s without a delegation acts for nobody', async () => {
    const [own, , other] = await model2()
    const report = await present([own, other].filter((one) => one !== undefined))
    expect(report).toMatchObject({ verdict: 'invalid', trust: 'untrusted' })
    expect(codes(report)).toEqual(['holder_binding_failed', 'delegation_denied'])
    expect(conditions(report)).toEqual([['delegation_missing']])
    expect(await present([own].filter((one) => one !== undefined))).toMatchObject({
      verdict: 'valid',
      trust: 'trusted',
    })
  })

  it('V13: counts until it expires, and no longer', async () => {
    const all = await model2({ period: { validUntil: days(1) } })
    world.pass(24 * 60 * 60 + 10)
    expect((await present(all)).trust).toBe('trusted')
    world.pass(1)
    const report = await present(all)
    expect(report).toMatchObject({ verdict: 'invalid', trust: 'untrusted' })
    expect(conditions(report)).toEqual([['delegation_invalid']])
  })

  it('V13: a revoked delegation, and a revoked entity of either side, shows in the next answer', async () => {
    for (const [at, condition] of [
      [0, 'delegate_entity_untrusted'],
      [1, 'delegation_invalid'],
      [2, 'delegator_entity_untrusted'],
    ] as const) {
      const all = await model2()
      expect((await present(all)).trust).toBe('trusted')
      await all[at]?.set('revocation', true)
      const report = await present(all)
      expect(report).toMatchObject({ verdict: 'invalid', trust: 'untrusted' })
      expect(conditions(report)).toEqual([[condition]])
    }
  })

  it('V13: a delegation that nobody can revoke is denied, even where no status is required', async () => {
    const [own, , other] = await model2()
    const { credentialStatus: _, ...claims } = claimsOf((await delegation()).token)
    const { kid } = world.ports.signer.keys[0] ?? { kid: '' }
    const header = { typ: 'vc+jwt', cty: 'vc', kid: `${seller.did}#${kid}` }
    const token = await world.ports.signer.sign(kid, header, claims)
    const all = [own, { token }, other].filter((one) => one !== undefined)
    const report = await present(all, { requireStatus: false })
    expect(conditions(report)).toEqual([['not_revocable']])
  })

  it('V13: one step is the most: a delegate delegates nothing', async () => {
    const origin = await anotherIssuer(world, 'origin')
    const first = await delegation({ id: seller.did, delegator: origin.did }, {}, origin)
    const report = await present([...(await model2()), first, await entity(origin.did)])
    expect(report).toMatchObject({ verdict: 'invalid', trust: 'untrusted' })
    expect(conditions(report)).toContainEqual(['depth'])
  })

  it('V13: a delegation by itself is denied, whoever issued it', async () => {
    const { token } = await delegation()
    const context = await verificationContext(world.ports, world.seller)
    const anchors = [
      { did: seller.did, types: [DELEGATION], validFrom: undefined, validUntil: undefined },
    ]
    const report = await verifyCredential(world.ports, token, {
      ...context,
      policy: { ...context.policy, policy: { ...policy, anchors } },
    })
    expect(report).toMatchObject({ verdict: 'valid', trust: 'untrusted' })
    expect(conditions(report)).toEqual([['presentation_missing']])
  })

  it('V4: a delegation to somebody else opens nothing to the holder', async () => {
    const other = await aParty()
    const report = await present(await model2({ delegation: { id: other.did } }))
    expect(report.verdict).toBe('invalid')
    expect(codes(report)).toContain('delegation_denied')
    expect(report.trust).toBe('untrusted')
  })
})

describe('accreditations in a presentation (R6)', () => {
  const chained = async (extra: readonly { readonly token: string }[] = []) => {
    const root = await anotherIssuer(world, 'root')
    const link = await issuedBy(world, root, accreditation(world.registrar.did))
    const leaf = await issuedBy(
      world,
      world.registrar,
      legalEntity(delegate.did, { validFrom: days(0), validUntil: days(300) }),
    )
    policy = {
      ...policy,
      anchors: [
        {
          did: root.did,
          types: ['LsoIssuerAccreditationCredential'],
          validFrom: undefined,
          validUntil: undefined,
        },
      ],
    }
    return { link, report: await present([leaf, link, ...extra]), leaf }
  }

  it('V4: a link is not about the holder, and need not be', async () => {
    const { report } = await chained()
    expect(report).toMatchObject({ verdict: 'valid', trust: 'trusted' })
    expect(report.checks).toContainEqual({
      check: 'holder_binding',
      outcome: 'not_applicable',
      rule: 'R6',
      evidence: { credential: 1 },
    })
  })

  it('V4: an accreditation of an issuer of nothing here is somebody else’s', async () => {
    const other = await anotherIssuer(world, 'other')
    const stray = await issuedBy(world, world.registrar, accreditation(other.did))
    const { report } = await chained([stray])
    expect(report.verdict).toBe('invalid')
    expect(codes(report)).toEqual(['holder_binding_failed'])
  })

  it('V5: a revoked link in a presentation makes it invalid, and its leaf untrusted', async () => {
    const { link, leaf } = await chained()
    await link.set('revocation', true)
    const report = await present([leaf, link])
    expect(report).toMatchObject({ verdict: 'invalid', trust: 'untrusted' })
    expect(report.credentials.map(({ verdict, trust }) => [verdict, trust])).toEqual([
      ['valid', 'untrusted'],
      ['invalid', 'trusted'],
    ])
  })
})
