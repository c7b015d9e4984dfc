import { decodeJwt, decodeProtectedHeader } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Fault } from '../../src/domain/fault.ts'
import type { Json, JsonObject } from '../../src/domain/json/strict-json.ts'
import { MAX_TOKEN_CHARACTERS } from '../../src/domain/limits.ts'
import {
  finishPending,
  issueCredential,
  type IssueCredential,
} from '../../src/use-cases/issue-credential.ts'
import { putSchema } from '../../src/use-cases/put-schema.ts'
import { aWorld, legalEntity, VCDM2 } from '../support/world.ts'

let world: Awaited<ReturnType<typeof aWorld>>
beforeAll(async () => {
  world = await aWorld()
})

const issue = (command: Partial<IssueCredential> & Pick<IssueCredential, 'credential'>) =>
  issueCredential(
    world.ports,
    world.registrar,
    { credentialId: undefined, format: undefined, status: undefined, ...command },
    world.change(),
  )

const faultsOf = async (command: Parameters<typeof issue>[0]): Promise<readonly Fault[]> => {
  const issued = await issue(command)
  return !issued.ok && issued.refusal.reason === 'credential_invalid' ? issued.refusal.errors : []
}

const TYPES = ['VerifiableCredential']
const PLAIN: JsonObject = {
  type: TYPES,
  credentialSubject: { member: true },
}
const OWN_ENTRY: JsonObject = {
  type: 'BitstringStatusListEntry',
  statusPurpose: 'revocation',
  statusListIndex: '7',
  statusListCredential: 'https://elsewhere.example/list',
}

describe('issueCredential', () => {
  it('fills in context, id, issuer, dates and status of a VCDM 2.0 credential', async () => {
    const { token } = await world.issue({ credential: legalEntity(world.buyer.did) })
    expect(decodeProtectedHeader(token)).toEqual({
      alg: 'EdDSA',
      typ: 'vc+jwt',
      cty: 'vc',
      kid: `${world.registrar.did}#k1`,
    })
    const credential = decodeJwt(token)
    expect(credential).toMatchObject({
      '@context': [VCDM2, 'https://trust.example/contexts/lso-v1'],
      issuer: world.registrar.did,
      validFrom: '2026-01-15T12:00:00Z',
      validUntil: '2027-01-15T12:00:00Z',
      credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose: 'revocation' },
    })
    expect(credential).not.toHaveProperty('vc')
    expect(credential['id']).toMatch(
      /^https:\/\/trust\.example\/issuers\/registrar\/credentials\/[0-9a-f-]{36}$/,
    )
  })

  it('V15: holds a type that is named many times against its schema once', async () => {
    const { credentialSchemas } = world.ports
    const held: string[] = []
    const listening = {
      ...credentialSchemas,
      faults: (type: string, credential: JsonObject) => {
        held.push(type)
        return credentialSchemas.faults(type, credential)
      },
    }
    const lso = 'LsoLegalEntityCredential'
    const type = ['VerifiableCredential', ...Array<string>(100).fill(lso)]
    const wanted = { credentialId: undefined, format: undefined, status: undefined }
    const issued = await issueCredential(
      { ...world.ports, credentialSchemas: listening },
      world.registrar,
      { ...wanted, credential: { ...legalEntity(world.buyer.did), type } },
      world.change(),
    )
    expect(issued.ok).toBe(true)
    expect(held.filter((one) => one === lso)).toHaveLength(1)
  })

  it('shapes a VCDM 1.1 JWT with the claims of section 6.3.1', async () => {
    const { token } = await world.issue({
      credential: legalEntity(world.buyer.did),
      format: 'jwt_vc',
    })
    const { vc, iss, sub, jti, nbf, exp } = decodeJwt(token)
    expect(decodeProtectedHeader(token)).toMatchObject({
      alg: 'EdDSA',
      typ: 'JWT',
      kid: `${world.registrar.did}#k1`,
    })
    expect([iss, sub]).toEqual([world.registrar.did, world.buyer.did])
    expect(jti).toMatch(/^https:\/\/trust\.example\/issuers\/registrar\/credentials\//)
    expect([nbf, exp]).toEqual([1_768_478_400, 1_800_014_400])
    expect(vc).toMatchObject({ credentialStatus: { statusPurpose: 'revocation' } })
  })

  it('keeps what the caller wrote', async () => {
    const id = 'https://issuer.example.com/credentials/kept'
    const entry = { type: 'OtherStatusEntry', id: 'https://elsewhere.example/7' }
    const { token } = await world.issue({
      credential: legalEntity(world.buyer.did, {
        id,
        validFrom: '2026-01-01T00:00:00Z',
        validUntil: '2026-06-01T00:00:00Z',
        credentialStatus: entry,
      }),
    })
    const { credentialStatus, ...credential } = decodeJwt(token)
    expect(credential).toMatchObject({
      id,
      validFrom: '2026-01-01T00:00:00Z',
      validUntil: '2026-06-01T00:00:00Z',
    })
    expect(credentialStatus).toEqual([
      expect.objectContaining({ statusPurpose: 'revocation' }),
      entry,
    ])
  })

  it('V10: refuses an id that is taken', async () => {
    const credential = legalEntity(world.buyer.did, {
      id: 'https://issuer.example.com/credentials/once',
    })
    expect(await issue({ credential })).toMatchObject({ ok: true })
    expect(await issue({ credential })).toEqual({ ok: false, refusal: { reason: 'id_taken' } })
  })

  it('issues any VCDM type with the data model alone', async () => {
    const credential = {
      type: ['VerifiableCredential', 'ExampleCredential'],
      credentialSubject: { member: true },
    }
    expect(await issue({ credential })).toMatchObject({ ok: true })
    expect(await issue({ credential, status: [] })).toMatchObject({ ok: true })
  })

  const withSubject = (change: JsonObject) => {
    const credential = legalEntity(world.buyer.did)
    const subject = credential['credentialSubject']
    return { ...credential, credentialSubject: { ...(subject as JsonObject), ...change } }
  }

  it.each([
    {
      when: 'the issuer is another',
      make: () => legalEntity(world.buyer.did, { issuer: 'did:web:other.example.com' }),
      pointer: '/issuer',
    },
    {
      when: 'it brings a proof',
      make: () => legalEntity(world.buyer.did, { proof: { type: 'DataIntegrityProof' } }),
      pointer: '/proof',
    },
    {
      when: 'the subject is no DID',
      make: () => withSubject({ id: 'https://buyer.example.com' }),
      pointer: '/credentialSubject/id',
    },
    {
      when: 'the subject has a member of no meaning',
      make: () => withSubject({ password: 'x' }),
      pointer: '/credentialSubject/password',
    },
    {
      when: 'the country is none',
      make: () => withSubject({ registeredAddress: { country: 'ZZ' } }),
      pointer: '/credentialSubject/registeredAddress/country',
    },
    {
      when: 'an LEI has wrong check digits',
      make: () => withSubject({ identifiers: [{ scheme: 'LEI', value: '00000000000000000000' }] }),
      pointer: '/credentialSubject/identifiers/0/value',
    },
    {
      when: 'it would live longer than two years',
      make: () => legalEntity(world.buyer.did, { validUntil: '2029-01-01T00:00:00Z' }),
      pointer: '/validUntil',
    },
    {
      when: 'validUntil has no zone',
      make: () => legalEntity(world.buyer.did, { validUntil: '2026-06-01T00:00:00' }),
      pointer: '/validUntil',
    },
    {
      when: 'its id is no URL',
      make: () => legalEntity(world.buyer.did, { id: 'number one' }),
      pointer: '/id',
    },
  ])('refuses, with a pointer, when $when', async ({ make, pointer }) => {
    expect((await faultsOf({ credential: make() })).map((fault) => fault.pointer)).toContain(
      pointer,
    )
  })

  it('V9: refuses a legal-entity credential without revocation (R4)', async () => {
    const credential = legalEntity(world.buyer.did)
    for (const status of [[], ['suspension']] as const) {
      expect((await faultsOf({ credential, status })).map(({ pointer }) => pointer)).toEqual([
        '/options/status',
      ])
    }
    expect(await issue({ credential, status: ['revocation', 'suspension'] })).toMatchObject({
      ok: true,
    })
  })

  it('issues nothing for a retired issuer', async () => {
    const retired = await aWorld()
    const { ports, registrar } = retired
    await ports.issuers.update(registrar.id, { retiredAt: registrar.createdAt }, retired.change())
    await expect(retired.issue({ credential: legalEntity(retired.buyer.did) })).rejects.toThrow(
      'instance_retired',
    )
  })

  it.each(['vc', 'vp', 'iss', 'sub', 'jti', 'exp', 'nbf', 'iat', 'aud', 'nonce', 'cnf', 'status'])(
    'J12: signs no claim %s beside the credential',
    async (claim) => {
      const faults = await faultsOf({ credential: legalEntity(world.buyer.did, { [claim]: 'x' }) })
      expect(faults.map(({ pointer }) => pointer)).toContain(`/${claim}`)
    },
  )

  it.each([
    'https://trust.example',
    'https://trust.example/admin/keys',
    'https://trust.example/issuers/registrar/status-lists/revocation-1',
    'https://trust.example/issuers/other/credentials/1',
  ])('V10: gives nobody a name under our own address: %s', async (name) => {
    const byId = await faultsOf({ credential: legalEntity(world.buyer.did, { id: name }) })
    expect(byId.map(({ pointer }) => pointer)).toEqual(['/id'])
    const byAlias = await faultsOf({ credential: legalEntity(world.buyer.did), credentialId: name })
    expect(byAlias.map(({ pointer }) => pointer)).toEqual(['/options/credentialId'])
  })

  it.each([
    {
      when: 'it lies in our lists',
      entry: {
        statusListCredential: 'https://trust.example/issuers/registrar/status-lists/revocation-1',
      },
      at: '',
    },
    {
      when: 'its index cannot be read',
      entry: { statusListIndex: '007' },
      at: '/statusListIndex',
    },
    { when: 'it names no list', entry: { statusListCredential: 7 }, at: '/statusListCredential' },
  ])('S12: refuses an own status entry when $when', async ({ entry, at }) => {
    const good = {
      type: 'BitstringStatusListEntry',
      statusPurpose: 'revocation',
      statusListIndex: '7',
      statusListCredential: 'https://elsewhere.example/list',
    }
    const of = (credentialStatus: JsonObject) =>
      faultsOf({ credential: legalEntity(world.buyer.did, { credentialStatus }) })
    expect(await of(good)).toEqual([])
    expect((await of({ ...good, ...entry })).map(({ pointer }) => pointer)).toContain(
      `/credentialStatus${at}`,
    )
  })

  it.each([
    'https://TRUST.example/x',
    'HTTPS://trust.example/issuers/registrar/credentials/a',
    'https://%74rust.example/x',
    'https://somebody@trust.example/x',
    'https://trust.example?x',
    'https://trust.example#x',
    'https://trust.example./x',
    'https://trust.example:443/x',
    'http://trust.example/x',
    'https://trust.example',
  ])('S12, V10: refuses %s for a name and for a list: it leads here', async (url) => {
    const credential = legalEntity(world.buyer.did)
    expect(await faultsOf({ credential: { ...credential, id: url } })).toMatchObject([
      { pointer: '/id' },
    ])
    expect(await faultsOf({ credential, credentialId: url })).toMatchObject([
      { pointer: '/options/credentialId' },
    ])
    const credentialStatus = { ...OWN_ENTRY, statusListCredential: url }
    expect(await faultsOf({ credential: { ...credential, credentialStatus } })).toMatchObject([
      { pointer: '/credentialStatus' },
    ])
  })

  it.each([
    'https://trust.example.com/x',
    'https://trust.example:8443/x',
    'https://a.trust.example/x',
    'urn:https://trust.example/x',
    'did:web:trust.example:x',
  ])('leaves %s to whoever names it', async (id) => {
    const credentialStatus = { ...OWN_ENTRY, statusListCredential: id }
    const credential = { ...PLAIN, credentialStatus }
    const { stored } = await world.issue({
      credential: { ...credential, id },
      credentialId: `${id}y`,
    })
    expect(stored.credentialId).toBe(id)
  })

  it.each<[what: string, change: JsonObject, pointer: string]>([
    ['@id beside id', { issuer: { id: 'x', '@id': 'https://evil.example' } }, '/issuer/@id'],
    ['@graph', { '@graph': [] }, '/@graph'],
    ['@type beside type', { '@type': 'Other' }, '/@type'],
    ['the type of a presentation', { type: [...TYPES, 'VerifiablePresentation'] }, '/type'],
    ['the type of an envelope', { type: [...TYPES, 'EnvelopedVerifiableCredential'] }, '/type'],
    ['a type with a space', { type: ['VerifiableCredential', 'Two words'] }, '/type/1'],
    ['an end in the past', { validUntil: '2020-01-01T00:00:00Z' }, '/validUntil'],
  ])('refuses %s', async (_, change, pointer) => {
    const found = await faultsOf({ credential: { ...PLAIN, ...change } })
    expect(found.map((one) => one.pointer)).toContain(pointer)
    expect(await faultsOf({ credential: PLAIN })).toEqual([])
  })

  it('V8: names the end that lies in the past, where no beginning was named', async () => {
    const validUntil = '2020-01-01T00:00:00Z'
    expect(await faultsOf({ credential: { ...PLAIN, validUntil } })).toEqual([
      { pointer: '/validUntil', detail: 'validUntil must not lie in the past' },
    ])
    const validFrom = '2019-01-01T00:00:00Z'
    expect(await faultsOf({ credential: { ...PLAIN, validFrom, validUntil } })).toEqual([])
  })

  it('V8: refuses a beginning that leaves no room for an end', async () => {
    const validFrom = '9999-12-31T00:00:00Z'
    const found = await faultsOf({ credential: legalEntity(world.buyer.did, { validFrom }) })
    expect(found.length).toBeGreaterThan(0)
    expect(await faultsOf({ credential: { ...PLAIN, validFrom } })).toEqual([])
  })

  it('V8: draws up no end that has passed already', async () => {
    const validFrom = '2024-06-01T00:00:00Z'
    const old = (members: JsonObject) =>
      faultsOf({ credential: legalEntity(world.buyer.did, { validFrom, ...members }) })
    expect(await old({})).toMatchObject([{ pointer: '/validUntil' }])
    expect(await old({ validUntil: '2026-05-01T00:00:00Z' })).toEqual([])
    expect(await old({ validFrom: '2025-06-01T00:00:00Z' })).toEqual([])
  })

  it('V8: takes dates before 1970, and refuses them where a JWT would have to hold them', async () => {
    const validFrom = '1969-07-20T20:17:40Z'
    const { stored } = await world.issue({ credential: { ...PLAIN, validFrom } })
    expect(stored.validFrom).toBe(-14_182_940)
    const issuanceDate = validFrom
    expect(
      await faultsOf({ credential: { ...PLAIN, issuanceDate }, format: 'jwt_vc' }),
    ).toMatchObject([{ pointer: '/issuanceDate' }])
  })

  it('J18: refuses what would not pass as a token of 64 KiB', async () => {
    const sized = (length: number) =>
      faultsOf({
        credential: {
          type: ['VerifiableCredential'],
          credentialSubject: { text: 'x'.repeat(length) },
        },
      })
    expect(await sized(40_000)).toEqual([])
    expect(await sized(48_000)).toEqual([expect.objectContaining({ pointer: '' })])
  })

  it.each<[member: string, value: Json, at: string]>([
    ['legalName', ' ', ''],
    ['legalName', 'Example Ltd\u200b', ''],
    ['trustDomain', ' example-lso', ''],
    ['identifiers', [{ scheme: 'other', value: '1\u00a0' }], '/0/value'],
  ])('R5: refuses %s %j, which is not what it looks like', async (member, value, at) => {
    const entity = legalEntity(world.buyer.did)
    const subject = entity['credentialSubject'] as JsonObject
    const found = await faultsOf({
      credential: { ...entity, credentialSubject: { ...subject, [member]: value } },
    })
    expect(found.map(({ pointer }) => pointer)).toEqual([`/credentialSubject/${member}${at}`])
    expect(await faultsOf({ credential: entity })).toEqual([])
  })

  it('J18: counts what a VCDM 1.1 JWT says twice', async () => {
    const command = (format: 'vc+jwt' | 'jwt_vc', length: number) => ({
      credential: {
        id: `urn:example:${format}:${String(length)}:${'i'.repeat(8_000)}`,
        type: ['VerifiableCredential'],
        credentialSubject: { id: `did:example:${'s'.repeat(2_000)}`, text: 'x'.repeat(length) },
      },
      format,
    })
    const { token } = await world.issue(command('vc+jwt', 34_000))
    expect(token.length).toBeLessThanOrEqual(MAX_TOKEN_CHARACTERS)
    expect(await faultsOf(command('jwt_vc', 34_000))).toMatchObject([{ pointer: '' }])
    const other = await world.issue(command('jwt_vc', 25_000))
    expect(other.token.length).toBeLessThanOrEqual(MAX_TOKEN_CHARACTERS)
  })

  it('H13: a call that is repeated gets its credential, though its schema allows no such one by now', async () => {
    const strict = await aWorld()
    const { ports, registrar } = strict
    const repeated = (key: string, level = 'tin', request = 'one body', by = ports) =>
      issueCredential(
        by,
        registrar,
        {
          credential: {
            type: ['VerifiableCredential', 'MembershipCredential'],
            credentialSubject: { level },
          },
          ...{ credentialId: undefined, format: undefined, status: undefined },
        },
        { ...strict.change(), mark: { key, request } },
      )
    const complete = () => Promise.reject(new Error('killed'))
    const broken = { ...ports, issuers: { ...ports.issuers, complete } }
    const tokenOf = (issued: Awaited<ReturnType<typeof repeated>>) =>
      issued.ok && issued.value.token
    const first = tokenOf(await repeated('answered'))
    await expect(repeated('unanswered', 'tin', 'one body', broken)).rejects.toThrow('killed')

    const schema = {
      properties: { credentialSubject: { properties: { level: { enum: ['gold'] } } } },
    }
    const put = await putSchema(ports, registrar, 'MembershipCredential', schema, strict.change())
    expect(put).toMatchObject({ ok: true })
    expect(tokenOf(await repeated('answered'))).toBe(first)
    const second = tokenOf(await repeated('unanswered'))
    expect(second).toMatch(/^ey/)
    expect(tokenOf(await repeated('unanswered'))).toBe(second)
    expect(await repeated('new')).toMatchObject({ refusal: { reason: 'credential_invalid' } })
    expect(await repeated('answered', 'tin', 'another body')).toEqual({
      ok: false,
      refusal: { reason: 'idempotency_key_reused' },
    })
    expect(await repeated('new', 'gold')).toMatchObject({ ok: true })
  })

  it('H16: what was signed has an index, even when the token could not be stored', async () => {
    const { issuers } = world.ports
    const broken = {
      ...world.ports,
      issuers: { ...issuers, complete: () => Promise.reject(new Error('the store is away')) },
    }
    const id = 'https://issuer.example.com/credentials/half'
    const command = {
      credential: legalEntity(world.buyer.did, { id }),
      credentialId: undefined,
      format: undefined,
      status: undefined,
    }
    const change = { ...world.change(), mark: { key: 'half', request: 'one body' } }
    await expect(issueCredential(broken, world.registrar, command, change)).rejects.toThrow(
      'the store is away',
    )
    const again = await issueCredential(world.ports, world.registrar, command, change)
    expect(again).toMatchObject({ ok: true, value: { stored: { credentialId: id } } })
    expect(again.ok && again.value.stored.allocations).toHaveLength(1)
  })

  it('H16: the alarm finishes after a minute what a crash left, and the caller finds it there', async () => {
    const crashed = await aWorld()
    const { ports, registrar } = crashed
    const broken = {
      ...ports,
      issuers: { ...ports.issuers, complete: () => Promise.reject(new Error('killed')) },
    }
    const command = {
      credential: legalEntity(crashed.buyer.did),
      credentialId: undefined,
      format: undefined,
      status: undefined,
    }
    const change = { ...crashed.change(), mark: { key: 'left', request: 'one body' } }
    await expect(issueCredential(broken, registrar, command, change)).rejects.toThrow('killed')
    expect(await finishPending(ports, registrar.id)).toBe('again')
    crashed.pass(61)
    expect(await finishPending(ports, registrar.id)).toBe('done')
    const all = { subject: undefined, type: undefined, status: undefined, key: undefined }
    const { rows } = await ports.issuers.credentials(registrar.id, all, {
      cursor: undefined,
      limit: 9,
    })
    expect(rows).toHaveLength(1)
    const again = await issueCredential(ports, registrar, command, change)
    expect(again).toMatchObject({ ok: true, value: { stored: { cid: rows[0]?.cid } } })
  })
})
