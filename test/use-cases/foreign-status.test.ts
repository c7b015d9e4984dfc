import { beforeEach, describe, expect, it } from 'vitest'
import { createStatusListCache } from '../../src/adapters/cache/status-lists.ts'
import { memorySeenStatusLists } from '../../src/adapters/memory/seen-status-lists.ts'
import { platformCompression } from '../../src/adapters/system/compression.ts'
import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import { envelopedCredential } from '../../src/domain/credential/enveloped.ts'
import type { Json, JsonObject } from '../../src/domain/json/strict-json.ts'
import { dateTimeStamp, later } from '../../src/domain/time.ts'
import type { FetchRefusal } from '../../src/ports/guarded-fetch.ts'
import { verificationContext } from '../../src/use-cases/verification-context.ts'
import { verifyCredential, type CredentialReport } from '../../src/use-cases/verify-credential.ts'
import { verifyPresentationBy } from '../support/verify-presentation.ts'
import { bombOf } from '../support/bomb.ts'
import { fakeFetch, type FakeFetch } from '../support/fake-fetch.ts'
import {
  aForeignIssuer,
  bitstringList,
  bitstringOf,
  list2021,
  tokenList,
  type ForeignIssuer,
  type WantedList,
} from '../support/foreign-issuer.ts'
import { AUDIENCE, aParty, aWorld, NOW, VCDM2, type Party } from '../support/world.ts'

let fetch: FakeFetch
let world: Awaited<ReturnType<typeof aWorld>>
let issuer: ForeignIssuer

beforeEach(async () => {
  fetch = fakeFetch()
  world = await aWorld({ fetch })
  issuer = await aForeignIssuer(fetch, 'issuer.example')
})

const INDEX = 94_567

const entry = (change: Readonly<Record<string, Json>> = {}): JsonObject => ({
  type: 'BitstringStatusListEntry',
  statusPurpose: 'revocation',
  statusListIndex: String(INDEX),
  statusListCredential: issuer.listUrl,
  ...change,
})

const entry2021 = (): JsonObject => entry({ type: 'StatusList2021Entry' })

const credential = (by: Party, more: JsonObject): JsonObject => ({
  '@context': [VCDM2],
  id: 'https://issuer.example/credentials/1',
  type: ['VerifiableCredential', 'ExampleCredential'],
  issuer: by.did,
  validFrom: dateTimeStamp(NOW),
  credentialSubject: { id: world.buyer.did },
  ...more,
})

const signedBy = (by: Party, more: JsonObject) =>
  by.sign({ typ: 'vc+jwt', cty: 'vc' }, credential(by, more))

/** Verifies as the seller does, with so much grace. */
async function verify(token: string, graceSeconds = 0): Promise<CredentialReport> {
  const context = await verificationContext(world.ports, world.seller)
  const policy = { ...context.policy.policy, statusGraceSeconds: graceSeconds }
  return verifyCredential(world.ports, token, {
    ...context,
    policy: { ...context.policy, policy },
  })
}

const check = async (
  status: JsonObject = { credentialStatus: entry() },
  graceSeconds = 0,
): Promise<CredentialReport> => verify(await signedBy(issuer, status), graceSeconds)

const tokenStatus = (idx: Json): JsonObject => ({
  status: { status_list: { idx, uri: issuer.listUrl } },
})

const statusOf = ({ checks }: CredentialReport) =>
  checks.filter(({ check: name }) => name === 'status')
const codes = (report: CredentialReport) => statusOf(report).map(({ code }) => code)
const answer = (report: CredentialReport) => [report.verdict, report.availability, ...codes(report)]

const serve = (text: string, mediaType = 'application/vc+jwt', url = issuer.listUrl) =>
  fetch.answers.set(url, { bytes: utf8(text), mediaType })

const VC_JWT = { typ: 'vc+jwt', cty: 'vc' }

async function serveBitstring(wanted: WantedList = {}) {
  serve(await issuer.sign(VC_JWT, await bitstringList(issuer, wanted)))
}
async function serve2021(wanted: WantedList = {}) {
  serve(await issuer.sign({ typ: 'JWT' }, await list2021(issuer, wanted)), 'application/jwt')
}
const TOKEN_TYPE = 'application/statuslist+jwt'
async function serveToken(statuses: Uint8Array, bits: number, change: JsonObject = {}) {
  const payload = await tokenList(issuer, statuses, bits, change)
  serve(await issuer.sign({ typ: 'statuslist+jwt' }, payload), TOKEN_TYPE)
}

const listFetches = () => fetch.requests.filter(({ url }) => url.includes('/lists/')).length

describe('foreign status: Bitstring Status List 1.0', () => {
  it('finds a credential valid whose bit is not set: the control of what follows', async () => {
    await serveBitstring({ set: [INDEX - 1, INDEX + 1] })
    expect(answer(await check())).toEqual(['valid', 'fresh', undefined])
  })

  it('S4: reads the most significant bit first', async () => {
    await serveBitstring({ set: [INDEX] })
    expect(answer(await check())).toEqual(['invalid', 'fresh', 'revoked'])
    for (const index of [INDEX - 1, INDEX + 1, INDEX - (INDEX % 8) + 7 - (INDEX % 8)]) {
      const other = entry({ statusListIndex: String(index) })
      expect((await check({ credentialStatus: other })).verdict).toBe('valid')
    }
  })

  it('tells a suspension from a revocation', async () => {
    await serveBitstring({ set: [INDEX], purpose: 'suspension' })
    const credentialStatus = entry({ statusPurpose: 'suspension' })
    expect(answer(await check({ credentialStatus }))).toEqual(['invalid', 'fresh', 'suspended'])
  })

  it.each([
    { body: 'a line end behind it, as editors leave one', of: (token: string) => `${token}\r\n` },
    { body: 'white space around it', of: (token: string) => ` ${token}\t\n` },
  ])('reads a token with $body', async ({ of }) => {
    serve(of(await issuer.sign(VC_JWT, await bitstringList(issuer, { set: [INDEX] }))))
    expect(answer(await check())).toEqual(['invalid', 'fresh', 'revoked'])
  })

  it.each([
    { body: 'white space within it', of: (token: string) => token.replace('.', '.\n') },
    { body: 'a byte order mark', of: (token: string) => `\ufeff${token}` },
    { body: 'a no-break space behind it', of: (token: string) => `${token}\u00a0` },
    { body: 'a second token behind it', of: (token: string) => `${token}\n${token}` },
  ])('S7, J17: reads no token with $body', async ({ of }) => {
    serve(of(await issuer.sign(VC_JWT, await bitstringList(issuer))))
    expect(answer(await check())).toEqual(['invalid', 'fresh', 'status_list_not_authentic'])
  })

  it('reads it enveloped, and as VCDM 1.1 JWT', async () => {
    const token = await issuer.sign(VC_JWT, await bitstringList(issuer, { set: [INDEX] }))
    serve(JSON.stringify(envelopedCredential(token)), 'application/vc')
    expect(codes(await check())).toEqual(['revoked'])
    world.pass(61)
    const older = {
      iss: issuer.did,
      jti: issuer.listUrl,
      nbf: NOW + 1,
      vc: {
        ...(await bitstringList(issuer, { set: [INDEX] })),
        '@context': ['https://www.w3.org/2018/credentials/v1'],
        validFrom: dateTimeStamp(later(NOW, 1)),
      },
    }
    serve(await issuer.sign({ typ: 'JWT' }, older), 'application/jwt')
    expect(codes(await check())).toEqual(['revoked'])
  })

  it.each([
    { purpose: ['revocation', 'suspension'], verdict: 'valid', code: undefined },
    { purpose: 'suspension', verdict: 'indeterminate', code: 'status_purpose_mismatch' },
    { purpose: [], verdict: 'indeterminate', code: 'status_purpose_mismatch' },
  ])('S4: a list of purpose $purpose leaves it $verdict', async ({ purpose, verdict, code }) => {
    await serveBitstring({ purpose })
    const report = await check()
    expect([report.verdict, ...codes(report)]).toEqual([verdict, code])
  })

  it.each([
    { statusSize: 1, verdict: 'valid', code: undefined },
    { statusSize: 2, verdict: 'indeterminate', code: 'status_type_not_supported' },
    { statusSize: '1', verdict: 'indeterminate', code: 'status_type_not_supported' },
  ])('S4: statusSize $statusSize leaves it $verdict', async ({ statusSize, verdict, code }) => {
    await serveBitstring()
    const report = await check({ credentialStatus: entry({ statusSize }) })
    expect([report.verdict, ...codes(report)]).toEqual([verdict, code])
  })

  it.each([
    { index: '131071', verdict: 'valid', code: undefined },
    { index: '131072', verdict: 'invalid', code: 'status_index_invalid' },
    { index: '999999999999999', verdict: 'invalid', code: 'status_index_invalid' },
    { index: '9007199254740992', verdict: 'invalid', code: 'status_index_invalid' },
    { index: '-1', verdict: 'invalid', code: 'status_index_invalid' },
    { index: '007', verdict: 'invalid', code: 'status_index_invalid' },
    { index: '1e3', verdict: 'invalid', code: 'status_index_invalid' },
    { index: '1.5', verdict: 'invalid', code: 'status_index_invalid' },
    { index: 'abc', verdict: 'invalid', code: 'status_index_invalid' },
    { index: 7, verdict: 'invalid', code: 'status_index_invalid' },
  ])('S3: index $index is $verdict', async ({ index, verdict, code }) => {
    await serveBitstring()
    const report = await check({ credentialStatus: entry({ statusListIndex: index }) })
    expect([report.verdict, ...codes(report)]).toEqual([verdict, code])
  })

  it.each([
    { row: 'S4', when: 'encodedList has no multibase prefix', encoded: (text: string) => text },
    { row: 'S4', when: 'the prefix is another', encoded: (text: string) => `z${text}` },
    { row: 'S4', when: 'it is padded', encoded: (text: string) => `u${text}=` },
    { row: 'S2', when: 'it is cut off', encoded: (text: string) => `u${text.slice(0, -8)}` },
    { row: 'S2', when: 'it is empty', encoded: () => 'u' },
  ])('$row: leaves it open when $when', async ({ encoded }) => {
    const packed = encodeBase64url(await platformCompression.gzip(bitstringOf(131_072, [])))
    await serveBitstring({ subject: { encodedList: `u${packed}` } })
    expect((await check()).verdict).toBe('valid')
    world.pass(61)
    await serveBitstring({ at: later(NOW, 61), subject: { encodedList: encoded(packed) } })
    const report = await check()
    expect([report.verdict, report.availability, ...codes(report)]).toEqual([
      'indeterminate',
      'unavailable',
      'status_list_invalid',
    ])
  })

  it.each([
    {
      row: 'S4',
      when: 'it is packed with zlib',
      bytes: bitstringOf(131_072, []),
      zlib: true,
      code: 'status_list_invalid',
    },
    {
      row: 'S4',
      when: 'it is too short',
      bytes: bitstringOf(131_064, []),
      zlib: false,
      code: 'status_list_too_short',
    },
    {
      row: 'S1',
      when: 'it has one byte more than 2^20 entries',
      bytes: new Uint8Array(131_073),
      zlib: false,
      code: 'status_list_too_large',
    },
  ])('$row: leaves it open when $when', async ({ bytes, zlib, code }) => {
    const packed = await (zlib ? platformCompression.zlib(bytes) : platformCompression.gzip(bytes))
    await serveBitstring({ subject: { encodedList: `u${encodeBase64url(packed)}` } })
    expect(answer(await check())).toEqual(['indeterminate', 'unavailable', code])
  })

  it('S1: leaves it open when it is a bomb', async () => {
    const bomb = await bombOf(64, 'gzip')
    await serveBitstring({ subject: { encodedList: `u${encodeBase64url(bomb)}` } })
    expect(answer(await check())).toEqual(['indeterminate', 'unavailable', 'status_list_too_large'])
  })

  it('S1: leaves it open when its token is larger than 256 KiB', async () => {
    await serveBitstring({ change: { filler: 'x'.repeat(150_000) } })
    expect((await check()).verdict).toBe('valid')
    world.pass(61)
    await serveBitstring({ at: later(NOW, 61), change: { filler: 'x'.repeat(200_000) } })
    expect(answer(await check())).toEqual(['indeterminate', 'unavailable', 'status_list_too_large'])
  })

  it('S1: reads a list of exactly 2^20 entries', async () => {
    const packed = await platformCompression.gzip(bitstringOf(2 ** 20, [2 ** 20 - 1]))
    await serveBitstring({ subject: { encodedList: `u${encodeBase64url(packed)}` } })
    const last = entry({ statusListIndex: String(2 ** 20 - 1) })
    expect(codes(await check({ credentialStatus: last }))).toEqual(['revoked'])
  })

  it.each([
    { when: 'the type of the list is absent', change: { type: ['VerifiableCredential'] } },
    {
      when: 'it is a list of the forerunner',
      change: { type: ['VerifiableCredential', 'StatusList2021Credential'] },
    },
    {
      when: 'there are two subjects',
      change: { credentialSubject: [{ type: 'BitstringStatusList' }, {}] },
    },
    { when: 'a date is none', change: { validUntil: 'tomorrow' } },
    {
      when: 'it is not valid yet',
      change: {
        validFrom: dateTimeStamp(later(NOW, 61)),
        validUntil: dateTimeStamp(later(NOW, 99)),
      },
    },
    { when: 'nbf contradicts validFrom', change: { nbf: NOW - 60 } },
  ])('S4: leaves it open when $when', async ({ change }) => {
    await serveBitstring({ change })
    expect(answer(await check())).toEqual(['indeterminate', 'unavailable', 'status_list_invalid'])
  })

  it.each([
    { credentialStatus: { type: 'BitstringStatusListEntry' } },
    { status: { status_list: { idx: 1, uri: 'https://issuer.example/lists/1' } } },
  ])('S10: follows no status of a list: %o', async (change) => {
    await serveBitstring({ change })
    expect(answer(await check())).toEqual(['indeterminate', 'unavailable', 'status_list_invalid'])
    expect(listFetches()).toBe(1)
  })
})

describe('foreign status: whose list it is', () => {
  it('S5: refuses the list of another issuer, and asks for no key of it', async () => {
    const other = await aForeignIssuer(fetch, 'other.example')
    serve(await other.sign(VC_JWT, { ...(await bitstringList(issuer)), issuer: other.did }))
    expect(answer(await check())).toEqual(['invalid', 'fresh', 'status_issuer_mismatch'])
    expect(fetch.requests.map(({ url }) => url)).not.toContain(
      'https://other.example/.well-known/did.json',
    )
  })

  it('S5: refuses a list that another signed in the issuer’s name', async () => {
    const other = await aForeignIssuer(fetch, 'other.example')
    const payload = await bitstringList(issuer)
    for (const kid of [other.kid, issuer.kid]) {
      serve(await other.sign({ ...VC_JWT, kid }, payload))
      expect(answer(await check())).toEqual(['invalid', 'fresh', 'status_list_not_authentic'])
      world.pass(11)
    }
    serve(await issuer.sign(VC_JWT, payload))
    expect((await check()).verdict).toBe('valid')
  })

  it('S5: refuses a list signed with a key for authentication alone', async () => {
    serve(await issuer.signOtherwise(VC_JWT, await bitstringList(issuer)))
    const report = await check()
    expect(answer(report)).toEqual(['invalid', 'fresh', 'status_list_not_authentic'])
    expect(statusOf(report)[0]?.evidence).toMatchObject({ fault: 'kid_not_authorized' })
  })

  it.each([
    { when: 'it names another URL', id: 'https://issuer.example/lists/2' },
    { when: 'its URL has a slash more', id: 'https://issuer.example/lists/1/' },
    { when: 'it names no URL', id: null },
  ])('S6: refuses the list under this URL when $when', async ({ id }) => {
    await serveBitstring({ change: { id } })
    expect(answer(await check())).toEqual(['invalid', 'fresh', 'status_list_mismatch'])
  })

  it.each([
    { when: 'it is not signed', list: async () => JSON.stringify(await bitstringList(issuer)) },
    { when: 'it is no token', list: async () => 'nothing' },
    {
      when: 'typ is that of another token',
      list: async () => issuer.sign({ typ: 'statuslist+jwt' }, await bitstringList(issuer)),
    },
    {
      when: 'it is a presentation',
      list: async () => issuer.sign({ typ: 'vp+jwt' }, await bitstringList(issuer)),
    },
  ])('S7: refuses the list when $when', async ({ list }) => {
    serve(await list())
    expect(answer(await check())).toEqual(['invalid', 'fresh', 'status_list_not_authentic'])
  })

  it.each([
    { mediaType: 'text/plain', verdict: 'invalid' },
    { mediaType: 'text/html', verdict: 'invalid' },
    { mediaType: 'application/statuslist+jwt', verdict: 'invalid' },
    { mediaType: 'application/jwt', verdict: 'valid' },
    { mediaType: 'application/vc+jwt', verdict: 'valid' },
  ])('S7: a list as $mediaType leaves it $verdict', async ({ mediaType, verdict }) => {
    serve(await issuer.sign(VC_JWT, await bitstringList(issuer)), mediaType)
    const report = await check()
    expect([report.verdict, ...codes(report)]).toEqual([
      verdict,
      verdict === 'valid' ? undefined : 'status_list_not_authentic',
    ])
  })

  it('leaves it open when the list is secured in a way that is not read here', async () => {
    serve(JSON.stringify({ ...(await bitstringList(issuer)), proof: {} }), 'application/vc')
    expect(answer(await check())).toEqual(['indeterminate', 'unavailable', 'status_list_invalid'])
  })

  it('V14: fetches no list elsewhere for an issuer that nobody vouches for', async () => {
    const stranger = { ...(await aParty()), listUrl: 'https://lists.example/lists/9' }
    const credentialStatus = entry({ statusListCredential: stranger.listUrl })
    const list = { ...(await bitstringList({ ...issuer, ...stranger })) }
    serve(await stranger.sign(VC_JWT, list), 'application/vc+jwt', stranger.listUrl)
    const token = await signedBy(stranger, { credentialStatus })
    const report = await verify(token)
    expect(answer(report)).toEqual(['indeterminate', 'unavailable', 'status_list_not_fetched'])
    expect(fetch.requests).toEqual([])

    const context = await verificationContext(world.ports, world.seller)
    const anchor = {
      did: stranger.did as `did:${string}:${string}`,
      types: ['ExampleCredential'],
      validFrom: undefined,
      validUntil: undefined,
    }
    const policy = { ...context.policy, policy: { ...context.policy.policy, anchors: [anchor] } }
    const trusted = await verifyCredential(world.ports, token, { ...context, policy })
    expect([trusted.verdict, trusted.trust]).toEqual(['valid', 'trusted'])
  })

  it('V14: fetches nothing for a credential whose signature does not stand', async () => {
    await serveBitstring()
    const token = await signedBy(issuer, { credentialStatus: entry() })
    await verify(`${token.slice(0, -4)}AAAA`)
    expect(listFetches()).toBe(0)
  })

  it.each(['https://127.0.0.1/l', 'https://10.0.0.1/l', 'http://issuer.example/l', 'file:///l'])(
    'S11: asks nobody at %s',
    async (listUrl) => {
      const context = await verificationContext(world.ports, world.seller)
      const anchor = {
        did: issuer.did as `did:${string}:${string}`,
        types: ['ExampleCredential'],
        validFrom: undefined,
        validUntil: undefined,
      }
      const policy = { ...context.policy, policy: { ...context.policy.policy, anchors: [anchor] } }
      const token = await signedBy(issuer, {
        credentialStatus: entry({ statusListCredential: listUrl }),
      })
      const report = await verifyCredential(world.ports, token, { ...context, policy })
      expect(answer(report)).toEqual(['indeterminate', 'unavailable', 'destination_not_allowed'])
      expect(fetch.requests.map(({ url }) => url)).toEqual([
        'https://issuer.example/.well-known/did.json',
      ])
    },
  )

  it('S11: never fetches from itself', async () => {
    const statusListCredential = 'https://trust.example/issuers/registrar/status-lists/x?y'
    const report = await check({ credentialStatus: entry({ statusListCredential }) })
    expect(answer(report)).toEqual(['invalid', 'fresh', 'status_invalid'])
  })
})

describe('foreign status: StatusList2021', () => {
  it.each([
    { set: [], verdict: 'valid', code: undefined },
    { set: [INDEX], verdict: 'invalid', code: 'revoked' },
  ])('is $verdict with bits $set', async ({ set, verdict, code }) => {
    await serve2021({ set })
    const report = await check({ credentialStatus: entry2021() })
    expect([report.verdict, ...codes(report)]).toEqual([verdict, code])
  })

  it('reads base64 in the other alphabet, padded', async () => {
    const packed = await platformCompression.gzip(bitstringOf(131_072, [INDEX]))
    const url = encodeBase64url(packed)
    const padded = url.padEnd(url.length + ((4 - (url.length % 4)) % 4), '=')
    const encodedList = padded.replaceAll('-', '+').replaceAll('_', '/')
    await serve2021({ subject: { encodedList } })
    expect(codes(await check({ credentialStatus: entry2021() }))).toEqual(['revoked'])
  })

  it('S4: takes neither kind of list for the other', async () => {
    await serve2021()
    expect(codes(await check())).toEqual(['status_list_invalid'])
    await serveBitstring()
    expect(codes(await check({ credentialStatus: entry2021() }))).toEqual(['status_list_invalid'])
  })

  it('S4: knows no entry of both types', async () => {
    await serveBitstring()
    const both = entry({ type: ['BitstringStatusListEntry', 'StatusList2021Entry'] })
    expect(codes(await check({ credentialStatus: both }))).toEqual(['status_type_not_supported'])
  })
})

describe('foreign status: Token Status List', () => {
  it.each([
    // Entry n is in byte n / (8 / bits), the first in the least significant bits.
    { bits: 1, bytes: [0b0000_0010], idx: 1, code: 'revoked' },
    { bits: 1, bytes: [0b0000_0010], idx: 0, code: undefined },
    { bits: 1, bytes: [0b0000_0010], idx: 6, code: undefined },
    { bits: 2, bytes: [0b1110_0100], idx: 0, code: undefined },
    { bits: 2, bytes: [0b1110_0100], idx: 1, code: 'revoked' },
    { bits: 2, bytes: [0b1110_0100], idx: 2, code: 'suspended' },
    { bits: 2, bytes: [0b1110_0100], idx: 3, code: 'status_value_unknown' },
    { bits: 4, bytes: [0x00, 0x21], idx: 2, code: 'revoked' },
    { bits: 4, bytes: [0x00, 0x21], idx: 3, code: 'suspended' },
    { bits: 4, bytes: [0x00, 0xc0], idx: 3, code: 'status_value_unknown' },
    { bits: 8, bytes: [0, 1, 2, 3], idx: 0, code: undefined },
    { bits: 8, bytes: [0, 1, 2, 3], idx: 1, code: 'revoked' },
    { bits: 8, bytes: [0, 1, 2, 3], idx: 2, code: 'suspended' },
    { bits: 8, bytes: [0, 1, 2, 3], idx: 3, code: 'status_value_unknown' },
  ])('S4: $bits bits, index $idx of $bytes: $code', async ({ bits, bytes, idx, code }) => {
    await serveToken(Uint8Array.from(bytes), bits)
    const report = await check(tokenStatus(idx))
    expect(codes(report)).toEqual([code])
    expect(report.verdict).toBe(
      code === undefined ? 'valid' : code === 'status_value_unknown' ? 'indeterminate' : 'invalid',
    )
  })

  it.each([8, -1, 1.5, '1', 2 ** 53, null, undefined])(
    'S3: index %s of eight is never valid',
    async (idx) => {
      await serveToken(Uint8Array.of(0), 1)
      expect(codes(await check(tokenStatus(7)))).toEqual([undefined])
      const json = JSON.stringify({ status_list: { idx, uri: issuer.listUrl } })
      const token = await signedBy(issuer, { status: JSON.parse(json) as JsonObject })
      const report = await verify(token)
      expect(report.verdict).toBe('invalid')
    },
  )

  it.each([
    { row: 'S4', when: 'bits is 3', list: { bits: 3 }, code: 'status_list_invalid' },
    { row: 'S4', when: 'bits is absent', list: { bits: null }, code: 'status_list_invalid' },
    { row: 'S2', when: 'lst is no base64url', list: { lst: 'a=' }, code: 'status_list_invalid' },
    { row: 'S2', when: 'lst is empty', list: { lst: '' }, code: 'status_list_invalid' },
  ])('$row: leaves it open when $when', async ({ list, code }) => {
    const good = await tokenList(issuer, Uint8Array.of(0), 1)
    const change = { status_list: { ...(good['status_list'] as JsonObject), ...list } }
    await serveToken(Uint8Array.of(0), 1, change)
    expect(answer(await check(tokenStatus(0)))).toEqual(['indeterminate', 'unavailable', code])
  })

  it('S4: leaves it open when it is packed with gzip', async () => {
    const lst = encodeBase64url(await platformCompression.gzip(Uint8Array.of(0)))
    await serveToken(Uint8Array.of(0), 1, { status_list: { bits: 1, lst } })
    expect(codes(await check(tokenStatus(0)))).toEqual(['status_list_invalid'])
  })

  it.each([
    {
      row: 'S6',
      when: 'sub is another URL',
      change: { sub: 'https://issuer.example/lists/2' },
      code: 'status_list_mismatch',
    },
    {
      row: 'S5',
      when: 'iss is another',
      change: { iss: 'did:web:other.example' },
      code: 'status_issuer_mismatch',
    },
    { row: 'S4', when: 'iat is absent', change: { iat: null }, code: 'status_list_invalid' },
    { row: 'S4', when: 'ttl is no number', change: { ttl: '60' }, code: 'status_list_invalid' },
    { row: 'J20', when: 'iat lies ahead', change: { iat: NOW + 61 }, code: 'status_list_invalid' },
    { row: 'J19', when: 'exp is a text', change: { exp: 'never' }, code: 'status_list_invalid' },
    {
      row: 'S8',
      when: 'exp has passed',
      change: { iat: NOW - 60, exp: NOW - 11 },
      code: 'status_list_expired',
    },
    {
      row: 'S8',
      when: 'it names no end, and is older than twice its ttl',
      change: { iat: NOW - 181, exp: undefined },
      code: 'status_list_expired',
    },
    {
      row: 'S8',
      when: 'it is older than twice its ttl, though not past its end',
      change: { iat: NOW - 181 },
      code: 'status_list_expired',
    },
  ])('$row: never valid when $when', async ({ change, code }) => {
    const kept = JSON.parse(
      JSON.stringify({ ...(await tokenList(issuer, Uint8Array.of(0), 1)), ...change }),
    ) as JsonObject
    serve(await issuer.sign({ typ: 'statuslist+jwt' }, kept), TOKEN_TYPE)
    const report = await check(tokenStatus(0))
    expect(report.verdict).not.toBe('valid')
    expect(codes(report)).toEqual([code])
  })

  it.each([
    { when: 'iss is the issuer', change: { iss: 'did:web:issuer.example' } },
    { when: 'exp passed within the skew', change: { iat: NOW - 60, exp: NOW - 10 } },
    { when: 'it is as old as twice its ttl', change: { iat: NOW - 180 } },
    {
      when: 'it names neither end nor ttl',
      change: { iat: NOW - 9_999, exp: undefined, ttl: undefined },
    },
  ])('S8: valid when $when', async ({ change }) => {
    const kept = JSON.parse(
      JSON.stringify({ ...(await tokenList(issuer, Uint8Array.of(0), 1)), ...change }),
    ) as JsonObject
    serve(await issuer.sign({ typ: 'statuslist+jwt' }, kept), TOKEN_TYPE)
    expect((await check(tokenStatus(0))).verdict).toBe('valid')
  })

  it.each(['vc+jwt', 'JWT', 'dpop+jwt'])('S7: refuses a list of typ %s', async (typ) => {
    const payload = await tokenList(issuer, Uint8Array.of(0), 1)
    serve(await issuer.sign({ typ }, payload), TOKEN_TYPE)
    expect(codes(await check(tokenStatus(0)))).toEqual(['status_list_not_authentic'])
  })

  it('leaves it open when another mechanism stands beside it', async () => {
    await serveToken(Uint8Array.of(0), 1)
    const status = { status_list: { idx: 0, uri: issuer.listUrl }, other: {} }
    expect(codes(await check({ status }))).toEqual([undefined, 'status_type_not_supported'])
  })
})

describe('foreign status: age, outage and memory', () => {
  it('S8: asks again when the ttl is over, and not before', async () => {
    await serveBitstring({ ttl: 60_000 })
    await check()
    await serveBitstring({ set: [INDEX] })
    world.pass(59)
    expect((await check()).verdict).toBe('valid')
    expect(listFetches()).toBe(1)
    world.pass(1)
    expect(codes(await check())).toEqual(['revoked'])
    expect(listFetches()).toBe(2)
  })

  it('S8: keeps no list longer than 300 s, whatever its ttl', async () => {
    await serveBitstring({ ttl: 86_400_000 })
    await check()
    world.pass(299)
    await check()
    expect(listFetches()).toBe(1)
    world.pass(1)
    await check()
    expect(listFetches()).toBe(2)
  })

  it('S8: does not believe a list older than one it has seen', async () => {
    await serveBitstring({ at: NOW, set: [INDEX] })
    expect(codes(await check())).toEqual(['revoked'])
    world.pass(61)
    await serveBitstring({ at: later(NOW, -1) })
    expect(answer(await check({ credentialStatus: entry() }, 3_600))).toEqual([
      'indeterminate',
      'unavailable',
      'status_list_rolled_back',
    ])
    world.pass(11)
    await serveBitstring({ at: NOW })
    expect((await check()).verdict).toBe('valid')
  })

  it('is asked for under a name that stands in kept evidence, and so never changes', async () => {
    await serveBitstring()
    const context = await verificationContext(world.ports, world.seller)
    const token = await signedBy(issuer, { credentialStatus: entry() })
    await verifyCredential(world.ports, token, context)
    const asked = JSON.stringify(['BitstringStatusList', issuer.did, issuer.listUrl])
    expect([...context.statusLists.keys()]).toEqual([`any ${asked}`])
  })

  it.each([
    ['one that is newer', 1, 'valid'],
    ['the same age', 0, 'valid'],
    ['one that is older', -1, 'status_list_rolled_back'],
  ])(
    'S8: what an isolate has seen, one that starts later knows of: %s',
    async (_, by, expected) => {
      const seen = memorySeenStatusLists()
      const isolate = async () => {
        const token = await signedBy(issuer, { credentialStatus: entry() })
        const context = await verificationContext(world.ports, world.seller)
        const statusLists = createStatusListCache(seen)
        return verifyCredential({ ...world.ports, statusLists }, token, context)
      }
      await serveBitstring({ at: later(NOW, -10), set: [INDEX] })
      expect(codes(await isolate())).toEqual(['revoked'])
      await serveBitstring({ at: later(NOW, -10 + by) })
      const report = await isolate()
      expect(codes(report)[0] ?? report.verdict).toBe(expected)
    },
  )

  it('S8: keeps the newer of two lists when the older arrives after it', async () => {
    await serveBitstring({ at: NOW, set: [INDEX] })
    const older = await issuer.sign(VC_JWT, await bitstringList(issuer, { at: later(NOW, -1) }))
    const late: FakeFetch = {
      ...fetch,
      get: async (request) => {
        // While this one is under way, another request gets the newer list.
        if (request.url === issuer.listUrl) {
          await check()
          serve(older)
        }
        return fetch.get(request)
      },
    }
    const token = await signedBy(issuer, { credentialStatus: entry() })
    const context = await verificationContext(world.ports, world.seller)
    const report = await verifyCredential({ ...world.ports, guardedFetch: late }, token, context)
    expect(answer(report)).toEqual(['invalid', 'fresh', 'revoked'])
  })

  it('S8: does not believe a list that no longer says when it was signed', async () => {
    await serveBitstring()
    await check()
    world.pass(61)
    const { validFrom: _, ...undated } = await bitstringList(issuer)
    serve(await issuer.sign(VC_JWT, undated))
    expect(codes(await check())).toEqual(['status_list_rolled_back'])
  })

  it('S8: never counts a list past its end, however long its ttl', async () => {
    await serveBitstring({ change: { validUntil: dateTimeStamp(later(NOW, 30)) }, ttl: 300_000 })
    expect((await check()).verdict).toBe('valid')
    world.pass(40)
    expect((await check()).verdict).toBe('valid')
    world.pass(1)
    expect(answer(await check())).toEqual(['indeterminate', 'unavailable', 'status_list_expired'])
  })

  it('S8, V8: keeps exp as an end of its own, beside a later validUntil', async () => {
    await serveBitstring({ change: { iat: NOW, exp: NOW + 30 }, ttl: 300_000 })
    expect((await check()).verdict).toBe('valid')
    world.pass(40)
    expect((await check()).verdict).toBe('valid')
    world.pass(1)
    expect(codes(await check())).toEqual(['status_list_expired'])
  })

  const LONG_AGO = later(NOW, -181)
  it.each([
    { when: 'an old validFrom beside a validUntil', iat: undefined, until: true, code: undefined },
    { when: 'an old validFrom alone', iat: undefined, until: false, code: 'status_list_expired' },
    { when: 'an old iat', iat: LONG_AGO, until: true, code: 'status_list_expired' },
    { when: 'a new iat beside an old validFrom', iat: NOW, until: false, code: undefined },
  ])('S8: judges the age of a list credential with $when', async ({ iat, until, code }) => {
    const { validUntil, ...list } = await bitstringList(issuer, { at: LONG_AGO, ttl: 60_000 })
    const change = { ...(iat === undefined ? {} : { iat }), ...(until ? { validUntil } : {}) }
    serve(
      await issuer.sign(VC_JWT, JSON.parse(JSON.stringify({ ...list, ...change })) as JsonObject),
    )
    expect(codes(await check())).toEqual([code])
  })

  const OUTAGES = [
    'host_failed',
    'host_timeout',
    'not_found',
    'redirect_not_followed',
    'body_incomplete',
  ] as const satisfies readonly FetchRefusal['reason'][]

  it.each(OUTAGES)('S9: leaves it open when its list cannot be had: %s', async (refusal) => {
    fetch.answers.set(issuer.listUrl, { refusal })
    const report = await check({ credentialStatus: entry() }, 86_400)
    expect(answer(report)).toEqual(['indeterminate', 'unavailable', 'status_list_unavailable'])
    expect(statusOf(report)[0]?.evidence).toMatchObject({ fault: refusal })
  })

  it.each(OUTAGES)(
    'S9: counts the last good copy within the grace, visibly: %s',
    async (refusal) => {
      await serveBitstring({ ttl: 60_000 })
      await check()
      fetch.answers.set(issuer.listUrl, { refusal })
      world.pass(60)
      expect(answer(await check())).toEqual([
        'indeterminate',
        'unavailable',
        'status_list_unavailable',
      ])
      const within = await check({ credentialStatus: entry() }, 100)
      expect(answer(within)).toEqual(['valid', 'stale', undefined])
      expect(statusOf(within)[0]?.evidence).toMatchObject({ stale: true })
      world.pass(99)
      expect(answer(await check({ credentialStatus: entry() }, 100))[1]).toBe('stale')
      world.pass(1)
      expect(answer(await check({ credentialStatus: entry() }, 100))).toEqual([
        'indeterminate',
        'unavailable',
        'status_list_unavailable',
      ])
    },
  )

  it('S9: says revoked within the grace too', async () => {
    await serveBitstring({ set: [INDEX] })
    await check()
    fetch.answers.set(issuer.listUrl, { refusal: 'host_failed' })
    world.pass(60)
    const report = await check({ credentialStatus: entry() }, 100)
    expect(answer(report)).toEqual(['invalid', 'stale', 'revoked'])
  })

  it('S9: counts a list that its host no longer signs within the grace, from its end', async () => {
    await serveBitstring({ change: { validUntil: dateTimeStamp(later(NOW, 80)) } })
    expect((await check()).verdict).toBe('valid')
    world.pass(100)
    expect(codes(await check())).toEqual(['status_list_expired'])
    const report = await check({ credentialStatus: entry() }, 100)
    expect(answer(report)).toEqual(['valid', 'stale', undefined])
    world.pass(91)
    expect(answer(await check({ credentialStatus: entry() }, 100))[0]).toBe('indeterminate')
  })

  it('S9: has no grace for a list that was over when it was first seen', async () => {
    const over = { validUntil: dateTimeStamp(later(NOW, -20)) }
    await serveBitstring({ at: later(NOW, -99), change: over })
    const report = await check({ credentialStatus: entry() }, 86_400)
    expect(answer(report)).toEqual(['indeterminate', 'unavailable', 'status_list_expired'])
  })

  it('H19, G17: a clock that was set back makes no copy count for longer, host away', async () => {
    const validUntil = dateTimeStamp(later(NOW, 86_400))
    await serveBitstring({ at: later(NOW, -5_000), ttl: 10_000_000, change: { validUntil } })
    expect(answer(await check())).toEqual(['valid', 'fresh', undefined])
    fetch.answers.set(issuer.listUrl, { refusal: 'host_failed' })
    expect(answer(await check())).toEqual(['valid', 'fresh', undefined])
    const validFrom = dateTimeStamp(later(NOW, -7_200))
    const aged = await signedBy(issuer, { credentialStatus: entry(), validFrom })
    for (const seconds of [-3_600, 11, 3_000, 588, 1, 100]) {
      world.pass(seconds)
      expect(answer(await verify(aged))).toEqual([
        'indeterminate',
        'unavailable',
        'status_list_unavailable',
      ])
    }
    expect(answer(await verify(aged, 7_200))).toEqual(['valid', 'stale', undefined])
  })

  it('S7: has no grace for a host that serves something else', async () => {
    await serveBitstring()
    await check()
    world.pass(60)
    serve('nothing')
    const report = await check({ credentialStatus: entry() }, 3_600)
    expect(codes(report)).toEqual(['status_list_not_authentic'])
  })

  it('S9: does not ask a failing host again for ten seconds', async () => {
    fetch.answers.set(issuer.listUrl, { refusal: 'host_failed' })
    await check()
    world.pass(9)
    await check()
    expect(listFetches()).toBe(1)
    await serveBitstring()
    world.pass(1)
    expect((await check()).verdict).toBe('valid')
  })

  it('S3: asks once for a list that must not be kept, whatever the index', async () => {
    await serveToken(Uint8Array.of(0), 1, { ttl: 0 })
    expect(codes(await check(tokenStatus(9)))).toEqual(['status_index_invalid'])
    expect(listFetches()).toBe(1)
  })

  it('S3: looks once for an index beyond its copy in the list of now, never in a cool-down', async () => {
    const idx = tokenStatus(9)
    await serveToken(Uint8Array.of(0), 1, { ttl: 300 })
    await check(tokenStatus(1))
    world.pass(29)
    await serveToken(Uint8Array.of(0, 0), 1, { ttl: 300 })
    expect(codes(await check(idx))).toEqual(['status_index_invalid'])
    expect(listFetches()).toBe(1)
    world.pass(1)
    expect((await check(idx)).verdict).toBe('valid')
    expect(listFetches()).toBe(2)
    await check(tokenStatus(16))
    expect(listFetches()).toBe(2)
  })

  it('D24: asks for each list once in a request, kept or not', async () => {
    await serveBitstring({ ttl: 0, purpose: ['revocation', 'suspension'] })
    const credentialStatus = [entry(), entry({ statusPurpose: 'suspension' })]
    expect((await check({ credentialStatus })).verdict).toBe('valid')
    expect(listFetches()).toBe(1)

    const holder = world.buyer
    const held = await Promise.all(
      ['1', '2', '3'].map((name) =>
        signedBy(issuer, { credentialStatus, id: `https://issuer.example/credentials/${name}` }),
      ),
    )
    const presentation = await holder.sign(
      { typ: 'vp+jwt', cty: 'vp' },
      {
        '@context': [VCDM2],
        type: ['VerifiablePresentation'],
        holder: holder.did,
        verifiableCredential: held.map(envelopedCredential),
        aud: AUDIENCE,
        nonce: 'n-1',
        iat: NOW,
        exp: NOW + 300,
      },
    )
    const report = await verifyPresentationBy(
      world.ports,
      world.seller,
      presentation,
      { challenge: 'n-1', domain: AUDIENCE },
      await verificationContext(world.ports, world.seller),
    )
    expect(report.verdict).toBe('valid')
    expect(listFetches()).toBe(2)
  })

  it('H19: shares a list between requests, and never a fetch that is under way', async () => {
    await serveBitstring()
    const both = await Promise.all([check(), check()])
    expect(both.map(({ verdict }) => verdict)).toEqual(['valid', 'valid'])
    expect(listFetches()).toBe(2)
    await Promise.all([check(), check()])
    expect(listFetches()).toBe(2)
  })

  it('D24: spends the budget of the request and remembers nothing of that', async () => {
    await serveBitstring()
    const token = await signedBy(issuer, { credentialStatus: entry() })
    const context = await verificationContext(world.ports, world.seller)
    let left = 1
    const budget = { take: () => left-- > 0 }
    const report = await verifyCredential(world.ports, token, { ...context, budget })
    expect(answer(report)).toEqual(['indeterminate', 'unavailable', 'fetch_budget_spent'])
    expect((await verify(token)).verdict).toBe('valid')
  })
})

describe('foreign status: every bit of a list counts', () => {
  it('G10: believes no list with a bit flipped', async () => {
    const list = await issuer.sign(VC_JWT, await bitstringList(issuer))
    const token = await signedBy(issuer, { credentialStatus: entry() })
    const context = await verificationContext(world.ports, world.seller)
    /** Without memory of a list, so that each is judged by itself. */
    const verdictWith = async (bytes: Uint8Array) => {
      fetch.answers.set(issuer.listUrl, { bytes, mediaType: 'application/vc+jwt' })
      const ports = { ...world.ports, statusLists: createStatusListCache(memorySeenStatusLists()) }
      const request = { ...context, budget: { take: () => true }, statusLists: new Map() }
      return (await verifyCredential(ports, token, request)).verdict
    }
    const bytes = utf8(list)
    expect(await verdictWith(bytes)).toBe('valid')
    let refused = 0
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice()
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      if ((await verdictWith(flipped)) !== 'valid') refused++
    }
    expect(refused).toBe(bytes.length * 8)
  }, 60_000)
})
