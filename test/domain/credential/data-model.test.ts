import { describe, expect, it } from 'vitest'
import { MAX_FAULTS } from '../../../src/domain/fault.ts'
import {
  credentialFaults,
  dataModelOf,
  presentationFaults,
} from '../../../src/domain/credential/data-model.ts'
import type { Json } from '../../../src/domain/json/strict-json.ts'
import { changed, credential11, credential20 } from './a-credential.ts'

interface Change {
  readonly change: Readonly<Record<string, Json | undefined>>
  readonly at: readonly string[]
}

describe('dataModelOf (VCDM 2.0 §4.3)', () => {
  it.each([
    { context: ['https://www.w3.org/ns/credentials/v2'], model: '2.0' },
    { context: 'https://www.w3.org/ns/credentials/v2', model: '2.0' },
    { context: ['https://www.w3.org/2018/credentials/v1'], model: '1.1' },
    {
      context: ['https://example.com/v1', 'https://www.w3.org/ns/credentials/v2'],
      model: undefined,
    },
    { context: [], model: undefined },
    { context: null, model: undefined },
  ])('answers $model for $context', ({ context, model }) => {
    expect(dataModelOf({ '@context': context })).toBe(model)
  })

  it('answers nothing without a context', () => {
    expect(dataModelOf({})).toBeUndefined()
  })
})

describe('credentialFaults of VCDM 2.0', () => {
  it('accepts the credential that every refusal below is made from', () => {
    expect(credentialFaults(credential20, '2.0')).toEqual([])
  })

  const accepted: readonly Change['change'][] = [
    { id: undefined, name: undefined, description: undefined },
    { id: 'urn:uuid:9c9a36f8-518f-4976-a934-6649502d0008' },
    { id: 'https://пример.example/ä' },
    { issuer: 'https://issuer.example' },
    { type: 'VerifiableCredential' },
    { type: ['https://example.org/#Example', 'VerifiableCredential'] },
    { credentialSubject: [{ colour: 'blue' }, { id: 'did:web:subject.example' }] },
    { validFrom: undefined },
    { validUntil: undefined },
    { validUntil: '2026-11-22T04:10:46Z' },
    { validFrom: '2026-11-22T05:10:46.25+01:00', validUntil: '2026-11-22T04:10:46.250Z' },
    { credentialStatus: { type: 'Other' } },
    { anything: { nested: [null] } },
  ]
  it.each(accepted)('accepts %j', (change) => {
    expect(credentialFaults(changed(credential20, change), '2.0')).toEqual([])
  })

  const refused: readonly Change[] = [
    { change: { type: undefined }, at: ['/type'] },
    { change: { type: 'ExampleCredential' }, at: ['/type'] },
    { change: { type: [] }, at: ['/type'] },
    { change: { type: ['VerifiableCredential', 1, ''] }, at: ['/type/1', '/type/2'] },
    { change: { type: ['VerifiableCredential', 'https ://x'] }, at: ['/type/1'] },
    { change: { type: ['VerifiableCredential', '@id'] }, at: ['/type/1'] },
    { change: { type: ['VerifiableCredential', 'A\u0000B'] }, at: ['/type/1'] },
    { change: { id: null }, at: ['/id'] },
    { change: { id: '/credentials/1' }, at: ['/id'] },
    { change: { id: 'https:example.com' }, at: ['/id'] },
    { change: { id: 'https://example.com/a b' }, at: ['/id'] },
    { change: { id: ' https://example.com' }, at: ['/id'] },
    { change: { id: 'https://example.com\\@evil.example' }, at: ['/id'] },
    { change: { id: ['https://example.com/1'] }, at: ['/id'] },
    { change: { issuer: undefined }, at: ['/issuer'] },
    { change: { issuer: null }, at: ['/issuer'] },
    { change: { issuer: 'Example Issuer' }, at: ['/issuer'] },
    { change: { issuer: ['did:web:issuer.example'] }, at: ['/issuer'] },
    { change: { issuer: {} }, at: ['/issuer/id'] },
    { change: { issuer: { id: 'did:web:issuer.example', name: 1 } }, at: ['/issuer/name'] },
    { change: { credentialSubject: undefined }, at: ['/credentialSubject'] },
    { change: { credentialSubject: [] }, at: ['/credentialSubject'] },
    { change: { credentialSubject: {} }, at: ['/credentialSubject'] },
    { change: { credentialSubject: 'did:web:a' }, at: ['/credentialSubject'] },
    {
      change: { credentialSubject: [{ id: 'a' }, {}] },
      at: ['/credentialSubject/0/id', '/credentialSubject/1'],
    },
    { change: { validFrom: '2026-11-22' }, at: ['/validFrom'] },
    { change: { validFrom: '2026-11-22T04:10:46' }, at: ['/validFrom'] },
    { change: { validFrom: 1_700_000_000 }, at: ['/validFrom'] },
    { change: { validFrom: '2026-02-29T00:00:00Z' }, at: ['/validFrom'] },
    { change: { validUntil: '2026-11-22T04:10:45Z' }, at: ['/validUntil'] },
    { change: { validFrom: '2027-11-22T04:10:46.51+01:00' }, at: ['/validUntil'] },
    { change: { issuanceDate: '2026-11-22T04:10:46Z' }, at: ['/issuanceDate'] },
    { change: { expirationDate: '2027-11-22T04:10:46Z' }, at: ['/expirationDate'] },
    { change: { credentialStatus: {} }, at: ['/credentialStatus/type'] },
    { change: { credentialStatus: [] }, at: ['/credentialStatus'] },
    { change: { credentialStatus: [{ type: 'A' }, 'x'] }, at: ['/credentialStatus/1'] },
    { change: { credentialStatus: { id: ['urn:a:b'], type: 'A' } }, at: ['/credentialStatus/id'] },
    { change: { credentialSchema: { type: 'A' } }, at: ['/credentialSchema/id'] },
    {
      change: { credentialSchema: { id: 'a', type: [] } },
      at: ['/credentialSchema/id', '/credentialSchema/type'],
    },
    { change: { evidence: { id: 'urn:example:1' } }, at: ['/evidence/type'] },
    { change: { evidence: [] }, at: ['/evidence'] },
    { change: { termsOfUse: {} }, at: ['/termsOfUse/type'] },
    { change: { refreshService: { id: 'urn:example:1' } }, at: ['/refreshService/type'] },
    { change: { confidenceMethod: {} }, at: ['/confidenceMethod/type'] },
    { change: { renderMethod: 'x' }, at: ['/renderMethod'] },
    { change: { proof: { created: '2026-11-22T04:10:46Z' } }, at: ['/proof/type'] },
  ]
  it.each(refused)('refuses $change at $at', ({ change, at }) => {
    const faults = credentialFaults(changed(credential20, change), '2.0')
    expect(faults.map((fault) => fault.pointer)).toEqual(at)
  })

  it('lists all faults of an empty object, each with a sentence', () => {
    const faults = credentialFaults({}, '2.0')
    expect(faults).toEqual([
      { pointer: '/@context', detail: expect.stringContaining('is missing') as string },
      { pointer: '/type', detail: expect.stringContaining('VerifiableCredential') as string },
      { pointer: '/issuer', detail: expect.stringContaining('is missing') as string },
      { pointer: '/credentialSubject', detail: expect.stringContaining('is missing') as string },
    ])
  })

  it('escapes what it points at, and repeats no value', () => {
    const faults = credentialFaults(
      changed(credential20, { name: { '@value': 'x', 'a/b~c': 'secret' } }),
      '2.0',
    )
    expect(faults.map((fault) => fault.pointer)).toEqual(['/name/a~1b~0c'])
    expect(JSON.stringify(faults)).not.toContain('secret')
  })

  it('lists at most MAX_FAULTS of a hundred thousand, and says how many there are', () => {
    const type = ['VerifiableCredential', ...Array<number>(100_000).fill(1)]
    const faults = credentialFaults(changed(credential20, { type }), '2.0')
    expect(faults).toHaveLength(MAX_FAULTS)
    expect(faults.at(-1)).toEqual({
      pointer: '',
      detail: `has ${100_000 - MAX_FAULTS + 1} faults more: mend the listed ones first`,
    })
  })

  it.each([
    ['one', 1, 1],
    ['more than the arguments of a call may be', 200_000, MAX_FAULTS],
  ])('lists the faults of an entry inside a list, also when there are %s', (_, wrong, listed) => {
    const type = ['Evidence', ...Array<number>(wrong).fill(1)]
    const evidence = [{ type }]
    expect(credentialFaults(changed(credential20, { evidence }), '2.0')).toHaveLength(listed)
  })
})

describe('credentialFaults of VCDM 1.1', () => {
  it('accepts the credential that every refusal below is made from', () => {
    expect(credentialFaults(credential11, '1.1')).toEqual([])
  })

  const accepted: readonly Change['change'][] = [
    { expirationDate: undefined },
    { validFrom: '2026-11-22T05:10:46+01:00', validUntil: '2027-11-22T04:10:46Z' },
    { name: 1, relatedResource: 1 },
    { evidence: { type: 'Evidence' } },
  ]
  it.each(accepted)('accepts %j', (change) => {
    expect(credentialFaults(changed(credential11, change), '1.1')).toEqual([])
  })

  const refused: readonly Change[] = [
    { change: { issuanceDate: undefined }, at: ['/issuanceDate'] },
    { change: { issuanceDate: '2026-11-22T04:10:46' }, at: ['/issuanceDate'] },
    { change: { expirationDate: '2026-11-22T04:10:45Z' }, at: ['/expirationDate'] },
    { change: { validFrom: '2026-11-22T04:10:47Z' }, at: ['/validFrom'] },
    { change: { validUntil: '2099-01-01T00:00:00Z' }, at: ['/validUntil'] },
    {
      change: { expirationDate: undefined, validUntil: '2027-11-22T04:10:46Z' },
      at: ['/validUntil'],
    },
    { change: { credentialStatus: { type: 'Status' } }, at: ['/credentialStatus/id'] },
    { change: { refreshService: { type: 'Refresh' } }, at: ['/refreshService/id'] },
    { change: { credentialSubject: [] }, at: ['/credentialSubject'] },
  ]
  it.each(refused)('V8: refuses $change at $at', ({ change, at }) => {
    const faults = credentialFaults(changed(credential11, change), '1.1')
    expect(faults.map((fault) => fault.pointer)).toEqual(at)
  })

  it('refuses a credential of the other data model by its context', () => {
    expect(credentialFaults(credential20, '1.1')[0]?.pointer).toBe('/@context/0')
    expect(credentialFaults(credential11, '2.0')[0]?.pointer).toBe('/@context/0')
  })
})

describe('presentationFaults', () => {
  const enveloped = {
    '@context': 'https://www.w3.org/ns/credentials/v2',
    id: 'data:application/vc+jwt,aaa.bbb.ccc',
    type: 'EnvelopedVerifiableCredential',
  }
  const presentation20 = {
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiablePresentation'],
    holder: 'did:web:holder.example',
    verifiableCredential: [enveloped, credential20, credential11],
  }
  const presentation11 = {
    '@context': ['https://www.w3.org/2018/credentials/v1'],
    type: ['VerifiablePresentation'],
    verifiableCredential: ['aaa.bbb.ccc', credential11],
  }

  it('accepts the presentations that every refusal below is made from', () => {
    expect(presentationFaults(presentation20, '2.0')).toEqual([])
    expect(presentationFaults(presentation11, '1.1')).toEqual([])
  })

  const accepted: readonly Change['change'][] = [
    { holder: undefined, verifiableCredential: undefined },
    { holder: { id: 'did:web:holder.example' } },
    { verifiableCredential: enveloped },
    { termsOfUse: { type: 'Terms' }, proof: { type: 'DataIntegrityProof' } },
  ]
  it.each(accepted)('accepts %j', (change) => {
    expect(presentationFaults(changed(presentation20, change), '2.0')).toEqual([])
  })

  const inFirst = '/verifiableCredential/0'
  const refused: readonly Change[] = [
    { change: { type: 'VerifiableCredential' }, at: ['/type'] },
    { change: { id: 'x' }, at: ['/id'] },
    { change: { holder: {} }, at: ['/holder/id'] },
    { change: { holder: ['did:web:holder.example'] }, at: ['/holder'] },
    { change: { proof: {} }, at: ['/proof/type'] },
    { change: { termsOfUse: {} }, at: ['/termsOfUse/type'] },
    { change: { verifiableCredential: [] }, at: ['/verifiableCredential'] },
    { change: { verifiableCredential: ['aaa.bbb.ccc'] }, at: [inFirst] },
    {
      change: { verifiableCredential: [{ ...enveloped, id: 'https://x.example' }] },
      at: [`${inFirst}/id`],
    },
    { change: { verifiableCredential: [{ ...enveloped, id: 'data:,x' }] }, at: [`${inFirst}/id`] },
    {
      change: { verifiableCredential: [{ ...enveloped, '@context': [] }] },
      at: [`${inFirst}/@context/0`],
    },
    { change: { verifiableCredential: [{ ...credential20, id: 1 }] }, at: [`${inFirst}/id`] },
    {
      change: { verifiableCredential: [{ ...credential11, issuer: 1 }] },
      at: [`${inFirst}/issuer`],
    },
  ]
  it.each(refused)('refuses $change at $at', ({ change, at }) => {
    const faults = presentationFaults(changed(presentation20, change), '2.0')
    expect(faults.map((fault) => fault.pointer)).toEqual(at)
  })

  it('refuses text that is no compact JWT in a presentation of VCDM 1.1', () => {
    const presentation = { ...presentation11, verifiableCredential: ['aaa.bbb'] }
    expect(presentationFaults(presentation, '1.1')[0]?.pointer).toBe(inFirst)
  })
})
