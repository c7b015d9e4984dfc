import { describe, expect, it } from 'vitest'
import { textInLanguages } from '../../../src/domain/credential/language.ts'
import type { Json } from '../../../src/domain/json/strict-json.ts'

describe('textInLanguages (VCDM 2.0 §4.6, §11.1)', () => {
  const accepted: readonly Json[] = [
    '',
    'Example',
    { '@value': 'Example' },
    { '@value': 'Example', '@language': 'en', '@direction': 'ltr' },
    { '@value': 'Beispiel', '@language': 'de-CH-1996' },
    [{ '@value': 'مثال', '@language': 'ar', '@direction': 'rtl' }, 'Example'],
  ]
  it.each(accepted.map((value) => ({ value })))('accepts $value', ({ value }) => {
    expect(textInLanguages(value, '/name')).toEqual([])
  })

  const refused: readonly { readonly value: Json; readonly at: string }[] = [
    { value: null, at: '/name' },
    { value: 1, at: '/name' },
    { value: [], at: '/name' },
    { value: [['Example']], at: '/name/0' },
    { value: {}, at: '/name/@value' },
    { value: { '@value': 1 }, at: '/name/@value' },
    { value: { '@value': 'Example', '@language': 'e n' }, at: '/name/@language' },
    { value: { '@value': 'Example', '@language': null }, at: '/name/@language' },
    { value: { '@value': 'Example', '@language': 'en-' }, at: '/name/@language' },
    { value: { '@value': 'Example', '@direction': 'up' }, at: '/name/@direction' },
    { value: { '@value': 'Example', url: 'https://x.example' }, at: '/name/url' },
    { value: ['Example', { '@value': 'x', '@type': 'y' }], at: '/name/1/@type' },
  ]
  it.each(refused)('refuses $value at $at', ({ value, at }) => {
    expect(textInLanguages(value, '/name').map(({ pointer }) => pointer)).toEqual([at])
  })
})
