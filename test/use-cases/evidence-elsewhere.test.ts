import { beforeEach, describe, expect, it } from 'vitest'
import { utf8 } from '../../src/domain/base64url.ts'
import { envelopedCredential } from '../../src/domain/credential/enveloped.ts'
import { isJsonObject, type Json, type JsonObject } from '../../src/domain/json/strict-json.ts'
import type { TrustPolicy } from '../../src/domain/trust/policy.ts'
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
import { aForeignIssuer, bitstringList, type ForeignIssuer } from '../support/foreign-issuer.ts'
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
    expect(observations).toContainEqual(
      expect.objectContaining({ asked: 'fetch', about: { url: LINKED } }),
    )
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
