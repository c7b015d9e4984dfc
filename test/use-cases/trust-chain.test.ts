import { beforeEach, describe, expect, it } from 'vitest'
import type { Issuer } from '../../src/domain/instance/instance.ts'
import type { Json, JsonObject } from '../../src/domain/json/strict-json.ts'
import { ACCREDITATION } from '../../src/domain/trust/accreditation.ts'
import type { TrustPolicy } from '../../src/domain/trust/policy.ts'
import { verificationContext } from '../../src/use-cases/verification-context.ts'
import { verifyCredential } from '../../src/use-cases/verify-credential.ts'
import {
  accreditation,
  anotherIssuer,
  claimsOf,
  days,
  issuedBy,
  trustingAnchor,
} from '../support/accreditations.ts'
import { aParty, aWorld, legalEntity, NOW } from '../support/world.ts'

let world: Awaited<ReturnType<typeof aWorld>>
let root: Issuer
let middle: Issuer
let policy: TrustPolicy

beforeEach(async () => {
  world = await aWorld()
  root = await anotherIssuer(world, 'root')
  middle = await anotherIssuer(world, 'middle')
  policy = trustingAnchor(root.did)
})

const verify = async (token: Json, chain: readonly Json[], change: Partial<TrustPolicy> = {}) => {
  const context = await verificationContext(world.ports, world.seller)
  return verifyCredential(world.ports, token, {
    ...context,
    policy: { ...context.policy, policy: { ...policy, ...change } },
    chain,
  })
}
type Report = Awaited<ReturnType<typeof verify>>
const trustCodes = ({ checks }: Report) =>
  checks.flatMap(({ check, code }) => (check === 'trust' && code !== undefined ? [code] : []))

const PERIOD = { validFrom: days(0), validUntil: days(365) }
const leaf = (change: JsonObject = {}) =>
  issuedBy(world, world.registrar, legalEntity(world.buyer.did, { ...PERIOD, ...change }))
/** Root accredits the middle, the middle the registrar, the registrar attests the buyer. */
const upper = (grants: JsonObject = {}, change: JsonObject = {}) =>
  issuedBy(world, root, accreditation(middle.did, grants, { validUntil: days(500), ...change }))
const lower = (grants: JsonObject = {}, change: JsonObject = {}) =>
  issuedBy(
    world,
    middle,
    accreditation(world.registrar.did, { mayAccredit: false, ...grants }, change),
  )
const chainOf = async (
  changes: {
    readonly upper?: JsonObject
    readonly lower?: JsonObject
    readonly upperCredential?: JsonObject
    readonly lowerCredential?: JsonObject
  } = {},
) => [
  (await lower(changes.lower, changes.lowerCredential)).token,
  (await upper(changes.upper, changes.upperCredential)).token,
]

describe('chains of accreditations (R6)', () => {
  it('V12: trusts through two links, and shows the chain from the issuer to the anchor', async () => {
    const [above, below] = [await upper(), await lower()]
    const report = await verify((await leaf()).token, [above.token, below.token])
    expect(report).toMatchObject({ verdict: 'valid', trust: 'trusted', availability: 'fresh' })
    const chain = [
      { did: world.registrar.did, accreditation: below.credentialId },
      { did: middle.did, accreditation: above.credentialId },
      { did: root.did, accreditation: null },
    ]
    expect(report.trustChain).toEqual(chain)
    expect(report.checks).toContainEqual({
      check: 'trust',
      outcome: 'pass',
      rule: 'R6',
      evidence: { anchor: root.did, chain },
    })
  })

  it('V11: without a chain the issuer is untrusted, which does not change verified', async () => {
    const report = await verify((await leaf()).token, [])
    expect(report).toMatchObject({ verdict: 'valid', trust: 'untrusted', trustChain: [] })
    expect(trustCodes(report)).toEqual(['issuer_untrusted'])
  })

  it.each([
    { links: 0, depth: 0, trust: 'untrusted' },
    { links: 1, depth: 1, trust: 'trusted' },
    { links: 1, depth: 0, trust: 'untrusted' },
    { links: 2, depth: 2, trust: 'trusted' },
    { links: 2, depth: 1, trust: 'untrusted' },
    { links: 3, depth: 3, trust: 'trusted' },
    { links: 4, depth: 3, trust: 'untrusted' },
    { links: 4, depth: 4, trust: 'trusted' },
  ])('V12: $links links under maxChainDepth $depth: $trust', async ({ links, depth, trust }) => {
    const issuers = [world.registrar]
    for (let at = 1; at < links; at++) issuers.push(await anotherIssuer(world, `i${at}`))
    issuers.push(root)
    const chain = await Promise.all(
      issuers.slice(0, links).map(async ({ did }, at) => {
        const by = issuers[at + 1] ?? root
        return (await issuedBy(world, by, accreditation(did))).token
      }),
    )
    const report = await verify((await leaf()).token, chain, { maxChainDepth: depth })
    expect(report.trust).toBe(trust)
    if (trust === 'untrusted' && links > 0) expect(trustCodes(report)).toEqual(['chain_too_long'])
  })

  it.each([
    {
      when: 'the upper link may not accredit',
      changes: { upper: { mayAccredit: false } },
      code: 'chain_may_not_accredit',
    },
    {
      when: 'the upper link allows none to follow',
      changes: { upper: { maxDepth: 0 } },
      code: 'chain_depth_exceeded',
    },
    {
      when: 'the lower link is for another type',
      changes: { lower: { accreditedFor: ['LsoDelegationCredential'] } },
      code: 'chain_type_not_accredited',
    },
    {
      when: 'the upper link is for another type',
      changes: { upper: { accreditedFor: ['LsoDelegationCredential'] } },
      code: 'chain_type_not_accredited',
    },
    {
      when: 'the lower link is for another country',
      changes: { lower: { jurisdictions: ['FR'] } },
      code: 'chain_jurisdiction',
    },
    {
      when: 'the upper link is for other countries',
      changes: { upper: { jurisdictions: ['FR', 'IT'] } },
      code: 'chain_jurisdiction',
    },
    {
      when: 'the credential outlives the lower link by a day',
      changes: { lowerCredential: { validUntil: days(364) } },
      code: 'chain_validity',
    },
    {
      when: 'the lower link outlives the upper by a day',
      changes: { upperCredential: { validUntil: days(399) } },
      code: 'chain_validity',
    },
    {
      when: 'the lower link began before the upper',
      changes: { lowerCredential: { validFrom: days(-1) } },
      code: 'chain_validity',
    },
  ])('V12: is untrusted when $when', async ({ changes, code }) => {
    const report = await verify((await leaf()).token, await chainOf(changes))
    expect(report).toMatchObject({ verdict: 'valid', trust: 'untrusted', trustChain: [] })
    expect(trustCodes(report)).toEqual([code])
    expect(report.checks.find((check) => check.code === code)?.hint).toBeTruthy()
  })

  it.each([
    { when: 'the upper link allows one to follow', changes: { upper: { maxDepth: 1 } } },
    {
      when: 'the upper link may issue accreditations as such',
      changes: { upper: { accreditedFor: [ACCREDITATION] } },
    },
    { when: 'both name its country', changes: { upper: { jurisdictions: ['FR', 'DE'] } } },
    {
      when: 'it ends with the lower link',
      changes: { lowerCredential: { validUntil: days(365) } },
    },
    {
      when: 'both links end together',
      changes: { upperCredential: { validUntil: days(400) } },
    },
  ])('V12: is trusted when $when', async ({ changes }) => {
    expect(await verify((await leaf()).token, await chainOf(changes))).toMatchObject({
      verdict: 'valid',
      trust: 'trusted',
    })
  })

  it('V12: is untrusted in a cycle, and trusted when somebody above accredits one of it', async () => {
    const cycle = [
      (await issuedBy(world, middle, accreditation(world.registrar.did))).token,
      (await issuedBy(world, world.registrar, accreditation(middle.did))).token,
    ]
    const { token } = await leaf()
    expect(trustCodes(await verify(token, cycle))).toEqual(['chain_cycle'])
    expect((await verify(token, [...cycle, (await upper()).token])).trust).toBe('trusted')
  })

  it('V12: nobody accredits itself, but for an anchor', async () => {
    const own = await issuedBy(world, world.registrar, accreditation(world.registrar.did))
    const { token } = await leaf()
    expect(trustCodes(await verify(token, [own.token]))).toEqual(['chain_self_issued'])
    policy = trustingAnchor(world.registrar.did)
    expect((await verify(token, [own.token])).trust).toBe('trusted')
  })

  it('V12: a credential of another type accredits nobody', async () => {
    const { token } = await leaf()
    const entity = await issuedBy(world, root, legalEntity(world.registrar.did, PERIOD))
    expect(trustCodes(await verify(token, [entity.token]))).toEqual(['chain_link_type'])
    const link = await issuedBy(world, root, accreditation(world.registrar.did))
    expect((await verify(token, [entity.token, link.token])).trust).toBe('trusted')
  })

  it('V12: a revoked link counts in no answer after that, whichever it is', async () => {
    const { token } = await leaf()
    for (const which of ['upper', 'lower'] as const) {
      const links = { upper: await upper(), lower: await lower() }
      const chain = [links.lower.token, links.upper.token]
      expect((await verify(token, chain)).trust).toBe('trusted')
      await links[which].set('revocation', true)
      const report = await verify(token, chain)
      expect(report).toMatchObject({ verdict: 'valid', trust: 'untrusted' })
      expect(trustCodes(report)).toEqual(['chain_link_revoked'])
    }
  })

  it('V12: a suspended link counts again when that is lifted', async () => {
    const [{ token }, above, below] = [await leaf(), await upper(), await lower()]
    await above.set('suspension', true)
    expect(trustCodes(await verify(token, [above.token, below.token]))).toEqual([
      'chain_link_suspended',
    ])
    await above.set('suspension', false)
    expect((await verify(token, [above.token, below.token])).trust).toBe('trusted')
  })

  it('V12: an expired link and one that is not valid yet count for nothing', async () => {
    const short = { validFrom: days(1), validUntil: days(2) }
    const [{ token }, above, below] = [
      await leaf(short),
      await upper({}, short),
      await lower({}, short),
    ]
    const chain = [above.token, below.token]
    expect(trustCodes(await verify(token, chain))).toEqual(['chain_link_not_yet_valid'])
    world.pass(24 * 60 * 60)
    expect((await verify(token, chain)).trust).toBe('trusted')
    world.pass(24 * 60 * 60 + 10)
    expect((await verify(token, chain)).trust).toBe('trusted')
    world.pass(1)
    expect(trustCodes(await verify(token, chain))).toEqual(['chain_link_expired'])
  })

  it('V12: a link whose signature is not its issuer’s is no link', async () => {
    const { token } = await leaf()
    const [below = '', above = ''] = await chainOf()
    const [header, , signature] = above.split('.')
    const [, payload] = (await upper({ maxDepth: 2 })).token.split('.')
    const forged = [header, payload, signature].join('.')
    expect(trustCodes(await verify(token, [below, forged]))).toEqual(['chain_link_invalid'])
    expect((await verify(token, [below, above])).trust).toBe('trusted')
  })

  it('V12: an accredited issuer that was retired vouches for nothing', async () => {
    const [{ token }, chain] = [await leaf(), await chainOf()]
    expect((await verify(token, chain)).trust).toBe('trusted')
    await world.ports.issuers.update(middle.id, { retiredAt: NOW }, world.change())
    expect(trustCodes(await verify(token, chain))).toEqual(['chain_issuer_retired'])
  })

  it('V11: a retired anchor ends no chain, and vouches for nothing by itself', async () => {
    const [{ token }, chain] = [await leaf(), await chainOf()]
    const direct = trustingAnchor(world.registrar.did).anchors.map((one) => ({
      ...one,
      types: ['LsoLegalEntityCredential'],
    }))
    expect((await verify(token, chain)).trust).toBe('trusted')
    await world.ports.issuers.update(root.id, { retiredAt: NOW }, world.change())
    const ended = await verify(token, chain)
    expect([ended.verdict, ended.trust, trustCodes(ended)]).toEqual([
      'valid',
      'untrusted',
      ['issuer_untrusted'],
    ])
    expect((await verify(token, chain, { anchors: direct })).trust).toBe('trusted')
    await world.ports.issuers.update(world.registrar.id, { retiredAt: NOW }, world.change())
    expect(trustCodes(await verify(token, [], { anchors: direct }))).toEqual(['issuer_untrusted'])
  })

  it.each([
    { when: 'everywhere', above: { jurisdictions: ['DE'] }, grants: {}, code: 'jurisdiction' },
    {
      when: 'elsewhere',
      above: { jurisdictions: ['DE'] },
      grants: { jurisdictions: ['FR'] },
      code: 'jurisdiction',
    },
    {
      when: 'to more depth',
      above: { maxDepth: 2 },
      grants: { mayAccredit: true, maxDepth: 2 },
      code: 'depth_exceeded',
    },
    {
      when: 'to any depth',
      above: { maxDepth: 2 },
      grants: { mayAccredit: true },
      code: 'depth_exceeded',
    },
    { when: 'within it', above: { maxDepth: 1 }, grants: {}, code: undefined },
    {
      when: 'as deep as it may',
      above: { maxDepth: 2, jurisdictions: ['DE', 'FR'] },
      grants: { mayAccredit: true, maxDepth: 1, jurisdictions: ['FR'] },
      code: undefined,
    },
  ])('V12: an accreditation that grants $when is judged by it', async (row) => {
    const above = (await upper(row.above)).token
    const report = await verify((await lower(row.grants)).token, [above])
    expect(trustCodes(report)).toEqual(row.code === undefined ? [] : [`chain_${row.code}`])
    expect(report.trust).toBe(row.code === undefined ? 'trusted' : 'untrusted')
  })

  it('V12: a chain that ends at nobody is incomplete', async () => {
    const { token } = await leaf()
    expect(trustCodes(await verify(token, [(await lower()).token]))).toEqual(['chain_incomplete'])
  })

  it.each([
    { when: 'for other types', anchor: { types: ['LsoLegalEntityCredential'] }, code: 'type' },
    { when: 'no longer', anchor: { validUntil: days(0) }, code: 'time' },
    { when: 'not yet', anchor: { validFrom: days(1) }, code: 'time' },
  ])('V11: an anchor that is one $when ends no chain', async ({ anchor, code }) => {
    const [{ token }, chain] = [await leaf(), await chainOf()]
    const anchors = policy.anchors.map((one) => ({ ...one, ...anchor }))
    expect(trustCodes(await verify(token, chain, { anchors }))).toContain(`chain_anchor_${code}`)
    expect((await verify(token, chain)).trust).toBe('trusted')
  })

  it('D24: gives up when there are too many ways, and takes the good one where it is near', async () => {
    const { token } = await leaf()
    const others = await Promise.all(
      Array.from({ length: 65 }, () => lower({ accreditedFor: ['LsoDelegationCredential'] })),
    )
    const bad = others.map((one) => one.token)
    expect(trustCodes(await verify(token, bad))).toContain('chain_search_ended')
    const near = await issuedBy(world, root, accreditation(world.registrar.did))
    expect((await verify(token, [...bad, near.token])).trust).toBe('trusted')
  })
})

describe('accreditations as credentials of their own', () => {
  it('V12: an accreditation is trusted by whoever may accredit, within its own grants', async () => {
    const above = await upper({ accreditedFor: ['LsoLegalEntityCredential'] })
    const good = await lower()
    expect((await verify(good.token, [above.token])).trust).toBe('trusted')
    const wider = await lower({ accreditedFor: ['LsoDelegationCredential'] })
    expect(trustCodes(await verify(wider.token, [above.token]))).toEqual([
      'chain_type_not_accredited',
    ])
  })
})

describe('the trust domain of the policy', () => {
  it('R58: a legal entity of another trust domain is untrusted', async () => {
    const [{ token }, chain] = [await leaf(), await chainOf()]
    const other = await verify(token, chain, { trustDomain: 'another-exchange' })
    expect(other).toMatchObject({ verdict: 'valid', trust: 'untrusted' })
    expect(trustCodes(other)).toEqual(['trust_domain_mismatch'])
    expect((await verify(token, chain, { trustDomain: 'example-exchange' })).trust).toBe('trusted')
  })
})

describe('issuerBinding', () => {
  const signedByAnother = async () => {
    const other = await aParty()
    const claims = claimsOf((await leaf()).token)
    return other.sign({ typ: 'vc+jwt', cty: 'vc' }, claims)
  }

  it('K1: strict, the default, refuses a key of another DID than the issuer', async () => {
    const report = await verify(await signedByAnother(), [])
    expect(report).toMatchObject({ verdict: 'invalid', trust: 'not_evaluated' })
    expect(report.checks.map(({ code }) => code)).toContain('kid_mismatch')
  })

  it('K1: relaxed lets it pass, says so, and never trusts it', async () => {
    const anchors = policy.anchors.map((one) => ({
      ...one,
      did: world.registrar.did,
      types: ['LsoLegalEntityCredential'],
    }))
    const relaxed = { issuerBinding: 'relaxed', anchors } as const
    const report = await verify(await signedByAnother(), await chainOf(), relaxed)
    expect(report).toMatchObject({
      verdict: 'valid',
      trust: 'untrusted',
      issuerBinding: 'relaxed',
      trustChain: [],
    })
    expect(trustCodes(report)).toEqual(['issuer_binding_relaxed'])
    const own = await verify((await leaf()).token, [], relaxed)
    expect(own).toMatchObject({ verdict: 'valid', trust: 'trusted', issuerBinding: 'relaxed' })
  })

  it('K1: relaxed does not relax the links of a chain', async () => {
    const [below = ''] = await chainOf()
    const other = await aParty()
    const claims = claimsOf((await upper()).token)
    const forged = await other.sign({ typ: 'vc+jwt', cty: 'vc' }, claims)
    const report = await verify((await leaf()).token, [below, forged], { issuerBinding: 'relaxed' })
    expect(trustCodes(report)).toEqual(['chain_link_invalid'])
  })
})
