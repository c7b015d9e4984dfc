import { canonicalJson } from '../../domain/json/canonical.ts'
import { asJson } from '../../domain/evidence/evidence.ts'
import { isJsonObject, type Json, type JsonObject } from '../../domain/json/strict-json.ts'
import { listed } from '../../domain/json/values.ts'

/**
 * A report as text, from its JSON and nothing else: what the JSON does not say, the text cannot. Each
 * value stands on one line of ours and cannot begin another; see `plain`.
 */
export const reportText = (report: object): string => `${linesOf(asJson(report)).join('\n')}\n`

const AXES = [
  ['verdict', 'Verdict'],
  ['trust', 'Trust'],
  ['availability', 'Availability'],
  ['policyVersion', 'Policy version'],
  ['profile', 'Rules'],
  ['issuerBinding', 'Issuer binding'],
  ['decisionId', 'Decision'],
  ['evidenceDigest', 'Evidence (SHA-256)'],
  ['receipt', 'Receipt'],
] as const

function linesOf(report: Json): readonly string[] {
  if (!isJsonObject(report)) return []
  const { presentation, credentials } = report
  const holder = isJsonObject(presentation) ? presentation['holder'] : undefined
  const embedded = listed(credentials)
  return [
    ...axisLines(report),
    ...(holder === undefined || holder === null ? [] : [`Holder: ${plain(holder)}`]),
    ...credentialLines(report['credential']),
    '',
    ...checkLines(report['checks']),
    ...embedded.flatMap((one, at) => [
      '',
      `Credential ${String(at + 1)} of ${String(embedded.length)}`,
      ...linesOf(one).map((line) => (line === '' ? '' : `  ${line}`)),
    ]),
  ]
}

const axisLines = (report: JsonObject): readonly string[] =>
  AXES.flatMap(([member, name]) => {
    const value = report[member]
    return value === undefined ? [] : [`${name}: ${plain(value)}`]
  })

/** What tells one credential from another; the whole is in the JSON. */
const credentialLines = (credential: Json | undefined): readonly string[] =>
  isJsonObject(credential)
    ? (['id', 'type', 'issuer'] as const).flatMap((member) => {
        const value = credential[member]
        return value === undefined ? [] : [`Credential ${member}: ${plain(value)}`]
      })
    : []

const OUTCOMES: ReadonlyMap<Json | undefined, string> = new Map([
  ['pass', 'pass'],
  ['fail', 'FAIL'],
  ['indeterminate', 'OPEN'],
  ['not_applicable', 'n/a '],
])

const checkLines = (checks: Json | undefined): readonly string[] =>
  listed(checks).flatMap((one) => {
    if (!isJsonObject(one)) return []
    const { check = '', outcome, code, rule, hint, evidence } = one
    const more = [code, rule].flatMap((part) => (part === undefined ? [] : [plain(part)]))
    return [
      [`[${OUTCOMES.get(outcome) ?? '?'}] ${plain(check)}`, ...more].join(' · '),
      ...(hint === undefined ? [] : [`       ${plain(hint)}`]),
      ...(evidence === undefined ? [] : [`       evidence: ${plain(evidence)}`]),
    ]
  })

/**
 * Everything that could move a cursor, start a line, turn the direction of writing, hide itself or look
 * like a space of ours: controls, format and unassigned characters, separators but the plain space,
 * surrogates; letters, marks and variation selectors that nothing is drawn for, the empty Braille
 * pattern; and the backslash, so that no value looks like one that was escaped.
 */
const NOT_PLAIN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\\]|(?! )\p{Zs}/gu

/** A value on one line, with all that is not plain as `\u{…}`. */
export const plain = (value: Json): string =>
  (typeof value === 'string' ? value : canonicalJson(value)).replace(
    NOT_PLAIN,
    (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`,
  )
