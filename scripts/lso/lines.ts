import { plain } from '../../src/http/output/report-text.ts'
import type { Check } from '../../src/client/index.ts'

/** Names and values, one pair on each line; what is `undefined` is left out. */
export const lines = (pairs: Readonly<Record<string, unknown>>): string =>
  Object.entries(pairs)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`${oneLine(name)}: ${oneLine(value)}\n`],
    )
    .join('')

/** A value that others may have written, on one line and harmless to a terminal. */
export const oneLine = (value: unknown): string =>
  plain(JSON.parse(JSON.stringify(value ?? null)) as Parameters<typeof plain>[0])

/** A value as JSON, in which nothing that others wrote can move a cursor or hide itself. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (one) =>
    one === '\n' ? one : [...Array(one.length).keys()].map((at) => unicodeEscape(one, at)).join(''),
  )

/** As JSON spells it (RFC 8259 §7): one code unit. */
const unicodeEscape = (text: string, at: number): string =>
  `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`

/** The checks that did not pass, and how to mend what they found. */
export const failedChecks = (checks: readonly Check[]): string =>
  checks
    .filter(({ outcome }) => outcome === 'fail' || outcome === 'indeterminate')
    .map(({ check, code, hint, evidence }) =>
      [
        `  ${oneLine(check)} [${oneLine(code)}] ${oneLine(hint)}\n`,
        evidence === undefined ? '' : `    evidence: ${oneLine(evidence)}\n`,
      ].join(''),
    )
    .join('')
