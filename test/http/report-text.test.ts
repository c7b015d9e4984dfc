import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { failed, passed } from '../../src/domain/verification/check.ts'
import { plain, reportText } from '../../src/http/output/report-text.ts'

const REPORT = {
  verified: false,
  verdict: 'invalid',
  trust: 'untrusted',
  availability: 'fresh',
  profile: 'mef-w128-r1',
  checks: [
    passed('token'),
    failed('status', 'revoked', { rule: 'R8', evidence: { statusListIndex: '7' } }),
  ],
  policyVersion: 3,
}

describe('a report as text', () => {
  it('says each finding with its code, rule, hint and evidence', () => {
    expect(reportText(REPORT)).toBe(
      [
        'Verdict: invalid',
        'Trust: untrusted',
        'Availability: fresh',
        'Policy version: 3',
        'Rules: mef-w128-r1',
        '',
        '[pass] token',
        '[FAIL] status · revoked · R8',
        '       The issuer revoked it. Ask the issuer for a new one.',
        '       evidence: {"statusListIndex":"7"}',
        '',
      ].join('\n'),
    )
  })

  it('says where the issuer binding was relaxed, as the JSON does', () => {
    expect(reportText({ ...REPORT, issuerBinding: 'relaxed' })).toContain(
      'Issuer binding: relaxed\n',
    )
    expect(reportText(REPORT)).not.toContain('Issuer binding')
  })

  it('sets the credentials of a presentation apart', () => {
    const credential = { id: 'https://a.example/1', type: ['A'], issuer: 'did:web:a.example' }
    const report = {
      ...REPORT,
      presentation: { holder: 'did:web:b.example' },
      credentials: [{ ...REPORT, credential }, REPORT],
    }
    const lines = reportText(report).split('\n')
    expect(lines).toContain('Holder: did:web:b.example')
    expect(lines).toContain('Credential 1 of 2')
    expect(lines).toContain('  Credential issuer: did:web:a.example')
    expect(lines.filter((line) => line.startsWith('  [FAIL] status'))).toHaveLength(2)
  })

  it.each([
    ['a Hangul filler', 'a\u3164b', 'a\\u{3164}b'],
    ['another Hangul filler', 'a\u115fb', 'a\\u{115f}b'],
    ['one more Hangul filler', 'a\u1160b', 'a\\u{1160}b'],
    ['an empty Braille pattern', 'a\u2800b', 'a\\u{2800}b'],
    ['a variation selector', 'a\ufe0fb', 'a\\u{fe0f}b'],
    ['another variation selector', 'a\u{e0100}b', 'a\\u{e0100}b'],
    ['a grapheme joiner', 'a\u034fb', 'a\\u{34f}b'],
    ['letters and marks that are seen, none', 'a\u0308\u3131\u2801', 'a\u0308\u3131\u2801'],
    ['a line feed', 'a\nVerdict: valid', 'a\\u{a}Verdict: valid'],
    ['a carriage return', 'a\rb', 'a\\u{d}b'],
    ['a next line', 'a\u0085b', 'a\\u{85}b'],
    ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
    ['a paragraph separator', 'a\u2029b', 'a\\u{2029}b'],
    ['an escape sequence', '\u001b[2J', '\\u{1b}[2J'],
    ['a one-byte control sequence', '\u009b2J', '\\u{9b}2J'],
    ['a change of direction', '\u202egnorw', '\\u{202e}gnorw'],
    ['an isolate', '\u2066a', '\\u{2066}a'],
    ['something invisible', 'a\u200bb\ufeffc', 'a\\u{200b}b\\u{feff}c'],
    ['a tag character', 'a\u{e0041}', 'a\\u{e0041}'],
    ['a half character', 'a\ud800', 'a\\u{d800}'],
    ['a space that is none', 'a\u00a0b', 'a\\u{a0}b'],
    ['what looks escaped', 'a\\u{a}', 'a\\u{5c}u{a}'],
  ])('H18: lets no value bring %s', (_, value, shown) => {
    expect(plain(value)).toBe(shown)
  })

  it('leaves names of all languages as they are', () => {
    expect(plain('Müller & Söhne 日本語 Ελλάδα')).toBe('Müller & Söhne 日本語 Ελλάδα')
  })

  it('H18: has as many lines as its report has findings, whatever the values are', () => {
    const lines = (text: string) =>
      reportText({
        ...REPORT,
        checks: [passed('key', { evidence: { kid: text } }), { ...passed('a'), hint: text }],
        credential: { id: text, issuer: text },
      }).split(/\r\n|[\n\r\u0085\u2028\u2029]/u).length
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(lines(text)).toBe(lines('a'))
      }),
    )
  })
})
