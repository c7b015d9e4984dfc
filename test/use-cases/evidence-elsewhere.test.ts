import { beforeEach, describe, expect, it } from 'vitest'
import { createStatusListCache } from '../../src/adapters/cache/status-lists.ts'
import { memorySeenStatusLists } from '../../src/adapters/memory/seen-status-lists.ts'
import { utf8 } from '../../src/domain/base64url.ts'
import { envelopedCredential } from '../../src/domain/credential/enveloped.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/domain/json/strict-json.ts'
import { ok } from '../../src/domain/result.ts'
import type { TrustPolicy } from '../../src/domain/trust/policy.ts'
import type { GuardedFetch } from '../../src/ports/guarded-fetch.ts'
import { decideCredential } from '../../src/use-cases/decide-verification.ts'
import { dryRunPolicy } from '../../src/use-cases/dry-run-policy.ts'
import { putPolicy } from '../../src/use-cases/put-policy.ts'
import { replayDecision } from '../../src/use-cases/replay-decision.ts'
import {
  accreditation,
  anotherIssuer,
  days,
  issuedBy,
  trustingAnchor,
} from '../support/accreditations.ts'
import { fakeFetch, type FakeFetch } from '../support/fake-fetch.ts'
import {
  aForeignIssuer,
  bitstringList,
  tokenList,
  type ForeignIssuer,
} from '../support/foreign-issuer.ts'
import { aWorld, legalEntity, VCDM2 } from '../support/world.ts'

const HOST = 'issuer.example.com'
const DOCUMENT = `https://${HOST}/.well-known/did.json`
const LINKED = `https://${HOST}/accreditations`
const INDEX = 7

let fetch: FakeFetch
let world: Awaited<ReturnType<typeof aWorld>>
let foreign: ForeignIssuer
let policy: TrustPolicy
let token: string
let link: JsonObject

/** A credential of an issuer elsewhere, with its status list, accredited through a linked presentation. */
beforeEach(async () => {
  fetch = fakeFetch()
  world = await aWorld({ fetch })
  const root = await anotherIssuer(world, 'root')
  foreign = await aForeignIssuer(fetch, HOST)
  const accredited = await issuedBy(world, root, accreditation(foreign.did))
  link = envelopedCredential(accredited.token)
  policy = trustingAnchor(root.did)
  await putPolicy(world.ports, world.seller, policy, world.change())
  token = await foreign.sign(
    { typ: 'vc+jwt', cty: 'vc' },
    {
      '@context': [VCDM2],
      id: `https://${HOST}/credentials/1`,
      issuer: foreign.did,
      validFrom: days(0),
      validUntil: days(365),
      credentialStatus: {
        type: 'BitstringStatusListEntry',
        statusPurpose: 'revocation',
        statusListIndex: String(INDEX),
        statusListCredential: foreign.listUrl,
      },
      ...legalEntity(world.buyer.did),
    },
  )
  const service = [{ id: '#linked', type: 'LinkedVerifiablePresentation', serviceEndpoint: LINKED }]
  const answer = fetch.answers.get(DOCUMENT)
  if (answer === undefined || !('json' in answer)) throw new Error('no document')
  fetch.answers.set(DOCUMENT, { json: { ...(answer.json as JsonObject), service } })
  const shown = {
    '@context': [VCDM2],
    type: ['VerifiablePresentation'],
    holder: foreign.did,
    verifiableCredential: [link],
  }
  const presentation = await foreign.signOtherwise({ typ: 'vp+jwt', cty: 'vp' }, shown)
  fetch.answers.set(LINKED, { bytes: utf8(presentation), mediaType: 'application/vp+jwt' })
  await serveList([])
})

const serveList = async (set: readonly number[]) => {
  const list = await foreign.sign(
    { typ: 'vc+jwt', cty: 'vc' },
    await bitstringList(foreign, { set }),
  )
  fetch.answers.set(foreign.listUrl, { bytes: utf8(list), mediaType: 'application/vc+jwt' })
}

const decided = async () => {
  const made = await decideCredential(world.ports, world.seller, token, world.change())
  if (!made.ok || made.value.kept === undefined) throw new Error('nothing was kept')
  return { ...made.value.kept, report: made.value.report }
}

const observed = async (id: string): Promise<readonly Json[]> => {
  const sealed = await world.ports.verifiers.decision(world.seller.id, id)
  const evidence = JSON.parse(sealed?.evidence ?? 'null') as Json
  const observations = isJsonObject(evidence) ? evidence['observations'] : undefined
  return Array.isArray(observations) ? (observations as readonly Json[]) : []
}

describe('evidence from elsewhere', () => {
  it('holds document, status list and linked presentation as they were read', async () => {
    const { id, report } = await decided()
    expect([report.verdict, report.trust]).toEqual(['valid', 'trusted'])
    const observations = await observed(id)
    const fetched = observations.flatMap((one) => {
      const { asked, about } = isJsonObject(one) ? one : {}
      return asked === 'fetch' && isJsonObject(about) ? [about['url']] : []
    })
    expect(fetched).toContain(LINKED)
    expect(observations).toContainEqual(expect.objectContaining({ asked: 'status_list' }))
    expect(observations).toContainEqual(
      expect.objectContaining({
        asked: 'did_document',
        about: { did: foreign.did, fresh: false },
      }),
    )
  })

  it('S9, V12: replays the same after every host is gone, and after it says otherwise', async () => {
    const { id } = await decided()
    const kept = new Map(fetch.answers)
    fetch.answers.clear()
    const before = fetch.requests.length
    const same = {
      value: { outcome: 'same', after: { verdict: 'valid', trust: 'trusted' }, missing: [] },
    }
    expect(await replayDecision(world.ports, world.seller, id)).toMatchObject(same)
    for (const [url, answer] of kept) fetch.answers.set(url, answer)
    await serveList([INDEX])
    expect(await replayDecision(world.ports, world.seller, id)).toMatchObject(same)
    expect(fetch.requests.length).toBe(before)
    world.pass(400)
    expect((await decided()).report).toMatchObject({ verdict: 'invalid' })
  })

  it('holds a list that came from memory, too', async () => {
    await decided()
    const requests = fetch.requests.length
    const { id } = await decided()
    expect(fetch.requests.slice(requests).map(({ url }) => url)).not.toContain(foreign.listUrl)
    expect(await observed(id)).toContainEqual(expect.objectContaining({ asked: 'status_list' }))
    expect(await replayDecision(world.ports, world.seller, id)).toMatchObject({
      value: { outcome: 'same' },
    })
  })

  it('S9: replays what could not be found out as not found out', async () => {
    fetch.answers.delete(foreign.listUrl)
    const { id, report } = await decided()
    expect(report.verdict).toBe('indeterminate')
    await serveList([])
    expect(await replayDecision(world.ports, world.seller, id)).toMatchObject({
      value: { outcome: 'same', after: { verdict: 'indeterminate' } },
    })
  })

  it('V12: holds a chain that the caller brought along', async () => {
    fetch.answers.delete(LINKED)
    const made = await decideCredential(world.ports, world.seller, token, world.change(), [link])
    const kept = made.ok ? made.value.kept : undefined
    expect(made).toMatchObject({ value: { report: { trust: 'trusted' } } })
    fetch.answers.clear()
    expect(await replayDecision(world.ports, world.seller, kept?.id ?? '')).toMatchObject({
      value: { outcome: 'same', after: { trust: 'trusted' } },
    })
  })

  it('tells a draft that needs a chain which nobody looked for', async () => {
    const direct = [
      {
        did: foreign.did as TrustPolicy['anchors'][number]['did'],
        types: ['LsoLegalEntityCredential'],
        validFrom: undefined,
        validUntil: undefined,
      },
    ]
    await putPolicy(world.ports, world.seller, { ...policy, anchors: direct }, world.change())
    const { id } = await decided()
    const requests = fetch.requests.length
    const { untried, changed } = await dryRunPolicy(world.ports, world.seller, policy, 100)
    expect(changed).toEqual([])
    expect(untried).toMatchObject([
      { id, reason: 'not_on_record', missing: [{ asked: 'fetch', about: { url: LINKED } }] },
    ])
    expect(fetch.requests.length).toBe(requests)
  })
})

describe('a draft with another grace', () => {
  const graceOf = async (seconds: number) => {
    await putPolicy(
      world.ports,
      world.seller,
      { ...policy, statusGraceSeconds: seconds },
      world.change(),
    )
  }
  const tryGrace = (seconds: number) =>
    dryRunPolicy(world.ports, world.seller, { ...policy, statusGraceSeconds: seconds }, 1)
  const hostAway = async () => {
    await decided()
    world.pass(200)
    fetch.answers.set(foreign.listUrl, { refusal: 'host_failed' })
  }

  it('S9: tells that a shorter grace would have left it open', async () => {
    await hostAway()
    await graceOf(3_600)
    const { id, report } = await decided()
    expect([report.verdict, report.availability]).toEqual(['valid', 'stale'])
    expect(await tryGrace(3_600)).toMatchObject({ unchanged: 1, changed: [], untried: [] })
    expect(await tryGrace(0)).toMatchObject({
      changed: [{ id, before: { verdict: 'valid' }, after: { verdict: 'indeterminate' } }],
      untried: [],
    })
    expect(await replayDecision(world.ports, world.seller, id)).toMatchObject({
      value: { outcome: 'same', after: { verdict: 'valid' } },
    })
  })

  it('S9: tells that a longer grace would have accepted it, to the second', async () => {
    await hostAway()
    const { id, report } = await decided()
    expect(report.verdict).toBe('indeterminate')
    expect(await tryGrace(140)).toMatchObject({ unchanged: 1, changed: [], untried: [] })
    expect(await tryGrace(141)).toMatchObject({
      changed: [{ id, before: { verdict: 'indeterminate' }, after: { verdict: 'valid' } }],
    })
    expect(await replayDecision(world.ports, world.seller, id)).toMatchObject({
      value: { outcome: 'same', after: { verdict: 'indeterminate' } },
    })
  })
})

describe('a host that negotiates', () => {
  const both = {
    credentialStatus: {
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: String(INDEX),
    },
  }
  const verdictAt = async (set: readonly number[], keep: boolean) => {
    const lists = {
      'application/vc+jwt': await foreign.sign(
        { typ: 'vc+jwt', cty: 'vc' },
        await bitstringList(foreign, { set }),
      ),
      'application/statuslist+jwt': await foreign.sign(
        { typ: 'statuslist+jwt' },
        await tokenList(foreign, new Uint8Array(16_384), 1),
      ),
    }
    const negotiating: GuardedFetch = {
      async get(request) {
        const mediaType = request.mediaTypes[0]
        return request.url === foreign.listUrl &&
          (mediaType === 'application/vc+jwt' || mediaType === 'application/statuslist+jwt')
          ? ok({ bytes: utf8(lists[mediaType]), mediaType })
          : fetch.get(request)
      },
    }
    const secured = await foreign.sign(
      { typ: 'vc+jwt', cty: 'vc' },
      {
        '@context': [VCDM2],
        id: `https://${HOST}/credentials/2`,
        issuer: foreign.did,
        validFrom: days(0),
        validUntil: days(365),
        ...legalEntity(world.buyer.did),
        credentialStatus: { ...both.credentialStatus, statusListCredential: foreign.listUrl },
        status: { status_list: { idx: INDEX, uri: foreign.listUrl } },
      },
    )
    const made = await decideCredential(
      {
        ...world.ports,
        guardedFetch: negotiating,
        statusLists: createStatusListCache(memorySeenStatusLists()),
      },
      world.seller,
      secured,
      keep ? world.change() : undefined,
    )
    if (!made.ok) throw new Error('nothing was decided')
    const { report, kept } = made.value
    return { verdict: report.verdict, checks: report.checks, id: kept?.id }
  }

  it('S7: verifies two lists at one URL alike, with and without evidence', async () => {
    const plain = await verdictAt([], false)
    const kept = await verdictAt([], true)
    expect(plain.verdict).toBe('valid')
    expect([kept.verdict, kept.checks]).toEqual([plain.verdict, plain.checks])
    expect(await replayDecision(world.ports, world.seller, kept.id ?? '')).toMatchObject({
      value: { outcome: 'same' },
    })
  })

  it('S7: finds what one of two lists at one URL revokes, with and without evidence', async () => {
    const plain = await verdictAt([INDEX], false)
    const kept = await verdictAt([INDEX], true)
    expect(plain.verdict).toBe('invalid')
    expect([kept.verdict, kept.checks]).toEqual([plain.verdict, plain.checks])
  })
})
