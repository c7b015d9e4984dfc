import {
  MAX_PATTERN_CHARACTERS,
  MAX_PATTERN_REPETITIONS,
  MAX_PATTERN_TEXT_CHARACTERS,
  MAX_PATTERN_WAYS,
} from '../limits.ts'

/**
 * What is wrong with a regular expression of a schema; `undefined` when it may run. Refused: what is no
 * expression, what is longer than `MAX_PATTERN_CHARACTERS`, back references, a repeated group that
 * itself repeats or chooses, and what may match one text in more than `MAX_PATTERN_WAYS` ways. So the
 * time that a match takes has a bound, for texts of up to `MAX_PATTERN_TEXT_CHARACTERS`.
 */
export function patternFault(source: string): string | undefined {
  if (source.length > MAX_PATTERN_CHARACTERS) {
    return `must have at most ${String(MAX_PATTERN_CHARACTERS)} characters`
  }
  try {
    new RegExp(source, 'u')
  } catch {
    return 'must be a regular expression of ECMA-262, with the flag u'
  }
  return waysFault(source)
}

const ESCAPE = /\\(?:[pPu]\{[^}]*\}|[^])/uy
const CLASS = /\[(?:\\[^]|[^\]\\])*\]/uy
const GROUP = /\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?/uy
const QUANTIFIER = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/uy
const BACK_REFERENCE = /^\\[1-9k]/

/** Walks a valid expression once and multiplies the ways that each of its choices leaves open. */
function waysFault(source: string): string | undefined {
  // What is not tied to the start may begin at every character.
  let ways = source.startsWith('^') ? 1 : MAX_PATTERN_TEXT_CHARACTERS
  const chooses = [false]
  let closedChooses = false
  for (let at = 0; at < source.length;) {
    const token = tokenAt(source, at)
    at += token.text.length
    const repeated = closedChooses
    closedChooses = false
    switch (token.kind) {
      case 'escape':
        if (BACK_REFERENCE.test(token.text)) return 'must not refer back to a group'
        break
      case 'open':
        chooses.push(false)
        break
      case 'close':
        closedChooses = chooses.pop() ?? false
        if (closedChooses) chooses[chooses.length - 1] = true
        break
      case 'choice':
        ways *= chooses.length === 1 && source.startsWith('^') ? MAX_PATTERN_TEXT_CHARACTERS : 2
        chooses[chooses.length - 1] = true
        break
      case 'quantifier': {
        const { least, most } = token
        if (
          least > MAX_PATTERN_REPETITIONS ||
          (most !== Infinity && most > MAX_PATTERN_REPETITIONS)
        )
          return `must repeat nothing more than ${String(MAX_PATTERN_REPETITIONS)} times`
        if (most > 1 && repeated) {
          return 'must not repeat a group that repeats or chooses itself'
        }
        ways *= Math.min(most, MAX_PATTERN_TEXT_CHARACTERS) - Math.min(least, most) + 1
        chooses[chooses.length - 1] = true
        break
      }
      case 'other':
    }
  }
  return ways > MAX_PATTERN_WAYS
    ? 'may match in too many ways: tie it to the start with ^ and bound its repetitions'
    : undefined
}

type Token =
  | { readonly kind: 'escape' | 'open' | 'close' | 'choice' | 'other'; readonly text: string }
  | {
      readonly kind: 'quantifier'
      readonly text: string
      readonly least: number
      readonly most: number
    }

function tokenAt(source: string, at: number): Token {
  const escape = matchAt(ESCAPE, source, at)
  if (escape !== undefined) return { kind: 'escape', text: escape[0] }
  const group = matchAt(GROUP, source, at)
  if (group !== undefined) return { kind: 'open', text: group[0] }
  const quantifier = matchAt(QUANTIFIER, source, at)
  if (quantifier !== undefined) return { kind: 'quantifier', ...bounds(quantifier) }
  const text = matchAt(CLASS, source, at)?.[0] ?? source.charAt(at)
  const kind = text === ')' ? 'close' : text === '|' ? 'choice' : 'other'
  return { kind, text }
}

function bounds([text, least, comma, most]: RegExpExecArray) {
  if (least === undefined) {
    return { text, least: text.startsWith('+') ? 1 : 0, most: text.startsWith('?') ? 1 : Infinity }
  }
  const fixed = comma === '' ? Number(least) : Infinity
  return {
    text,
    least: Number(least),
    most: most === undefined || most === '' ? fixed : Number(most),
  }
}

function matchAt(token: RegExp, source: string, at: number): RegExpExecArray | undefined {
  token.lastIndex = at
  return token.exec(source) ?? undefined
}
