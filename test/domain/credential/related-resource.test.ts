import { describe, expect, it } from 'vitest'
import { relatedResourceFaults } from '../../../src/domain/credential/data-model-related-resource.ts'
import type { Json } from '../../../src/domain/json/strict-json.ts'

const SHA256 = `sha256-${'a'.repeat(43)}`
const resource = { id: 'https://example.com/a', digestSRI: `${SHA256}=` }
const pointers = (relatedResource: Json, model: '1.1' | '2.0') =>
  relatedResourceFaults({ relatedResource }, model).map(({ pointer }) => pointer)

describe('relatedResource (VCDM 2.0 §5.3)', () => {
  const accepted: readonly Json[] = [
    resource,
    [resource, { ...resource, id: 'https://example.com/b' }],
    { ...resource, digestSRI: `${SHA256} sha512-${'b'.repeat(86)}==?x` },
    { ...resource, digestSRI: `sha384-${'c'.repeat(64)}` },
    { ...resource, digestMultibase: 'zQmExampLe' },
    { ...resource, mediaType: 'application/ld+json; charset=utf-8' },
  ]
  it.each(accepted.map((value) => ({ value })))('accepts $value', ({ value }) => {
    expect(pointers(value, '2.0')).toEqual([])
  })

  const refused: readonly { readonly value: Json; readonly at: string }[] = [
    { value: 'https://example.com/a', at: '/relatedResource' },
    { value: [], at: '/relatedResource' },
    { value: ['https://example.com/a'], at: '/relatedResource/0' },
    { value: { id: 'https://example.com/a' }, at: '/relatedResource' },
    { value: { digestSRI: SHA256 }, at: '/relatedResource/id' },
    { value: { ...resource, id: 'a' }, at: '/relatedResource/id' },
    { value: { ...resource, digestSRI: 'md5-abcd' }, at: '/relatedResource/digestSRI' },
    { value: { ...resource, digestSRI: SHA256.slice(0, -1) }, at: '/relatedResource/digestSRI' },
    {
      value: { ...resource, digestSRI: `sha512-${'a'.repeat(43)}` },
      at: '/relatedResource/digestSRI',
    },
    { value: { ...resource, digestSRI: 1 }, at: '/relatedResource/digestSRI' },
    { value: { ...resource, digestMultibase: 'm!' }, at: '/relatedResource/digestMultibase' },
    { value: { ...resource, mediaType: 'html' }, at: '/relatedResource/mediaType' },
    { value: [resource, resource], at: '/relatedResource/1/id' },
  ]
  it.each(refused)('refuses $value at $at', ({ value, at }) => {
    expect(pointers(value, '2.0')).toEqual([at])
  })

  it('is no member of VCDM 1.1, where it may hold anything', () => {
    expect(pointers('anything', '1.1')).toEqual([])
    expect(pointers('anything', '2.0')).toEqual(['/relatedResource'])
  })
})
