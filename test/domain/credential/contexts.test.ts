import { describe, expect, it } from 'vitest'
import { contextFaults } from '../../../src/domain/credential/contexts.ts'
import type { Json } from '../../../src/domain/json/strict-json.ts'

const V1 = 'https://www.w3.org/2018/credentials/v1'
const V2 = 'https://www.w3.org/ns/credentials/v2'

describe('contextFaults (VCDM 2.0 §4.3)', () => {
  const accepted: readonly Json[] = [
    V2,
    [V2],
    [V2, 'https://example.com/v1', 'urn:uuid:9c9a36f8-518f-4976-a934-6649502d0008'],
    [V2, {}],
    [V2, { Example: 'https://example.com/#Example' }],
    [V2, { Example: { '@id': 'https://example.com/#Example', '@type': '@id' } }],
    [V2, { ex: 'https://example.com/#', Example: 'ex:Example', Other: 'Example', gone: null }],
    [V2, { id: '@id', type: '@type', name: 'https://schema.org/name' }],
    [V2, { schema: 'https://schema.org/', name: 'schema:name' }],
    [V2, { '@vocab': 'https://example.com/#', '@protected': true }],
    [V2, { '@version': 1.1, '@base': null, '@language': 'de', '@propagate': false, '@own': 1 }],
    [V2, { credentialSubject: 'https://example.com/#inner' }],
  ]
  it.each(accepted.map((context) => ({ context })))('accepts $context', ({ context }) => {
    expect(contextFaults({ '@context': context }, '2.0')).toEqual([])
  })

  const refused: readonly { readonly context: Json; readonly at: string }[] = [
    { context: null, at: '/@context' },
    { context: {}, at: '/@context' },
    { context: V1, at: '/@context' },
    { context: [], at: '/@context/0' },
    { context: [{}, V2], at: '/@context/0' },
    { context: [V2, 123192875], at: '/@context/1' },
    { context: [V2, null], at: '/@context/1' },
    { context: [V2, [V2]], at: '/@context/1' },
    { context: [V2, '/v1'], at: '/@context/1' },
    { context: [V2, 'https ://example.com'], at: '/@context/1' },
    { context: [V2, V1], at: '/@context/1' },
    { context: [V2, { Example: 'https ://example.com' }], at: '/@context/1/Example' },
    { context: [V2, { Example: 1 }], at: '/@context/1/Example' },
    { context: [V2, { Example: { '@id': [] } }], at: '/@context/1/Example' },
    {
      context: [V2, { VerifiableCredential: 'https://example.com/#Bad' }],
      at: '/@context/1/VerifiableCredential',
    },
    { context: [V2, { type: { '@id': 'https://example.com/#type' } }], at: '/@context/1/type' },
    { context: [V2, { id: '@type' }], at: '/@context/1/id' },
    { context: [V2, { VerifiableCredential: null }], at: '/@context/1/VerifiableCredential' },
    { context: [V2, { name: { '@language': 'de' } }], at: '/@context/1/name' },
    { context: [V2, { '@vocab': 5 }], at: '/@context/1/@vocab' },
    { context: [V2, { '@version': 1 }], at: '/@context/1/@version' },
    { context: [V2, { '@protected': 'yes' }], at: '/@context/1/@protected' },
    { context: [V2, { '@id': 'https://example.com/' }], at: '/@context/1/@id' },
    { context: [V2, {}, { name: 'https://example.com/~/' }], at: '/@context/2/name' },
  ]
  it.each(refused)('V15: refuses $context', ({ context, at }) => {
    expect(contextFaults({ '@context': context }, '2.0').map(({ pointer }) => pointer)).toEqual([
      at,
    ])
  })

  it('protects the terms of the data model that is in force, and no others', () => {
    const context = [V1, { name: 'https://example.com/#name', proof: 'https://example.com/#proof' }]
    const faults = contextFaults({ '@context': context }, '1.1')
    expect(faults.map(({ pointer }) => pointer)).toEqual(['/@context/1/proof'])
  })

  it('asks for the base context of the data model when there is none', () => {
    expect(contextFaults({}, '1.1')).toEqual([
      { pointer: '/@context', detail: `is missing: add a list with ${V1} first` },
    ])
  })
})
