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
  const choices = choicesOf(source)
  if (typeof choices === 'string') return choices
  return waysThrough(choices, MAX_PATTERN_TEXT_CHARACTERS) > MAX_PATTERN_WAYS
    ? 'may match in too many ways: tie it to the start with ^ and bound its repetitions'
    : undefined
}

/** Most characters that are compared until an expression without fault matched a text or did not. */
export function patternWork(source: string): (characters: number) => number {
  const choices = choicesOf(source)
  if (typeof choices === 'string') throw new Error('a pattern that was refused is about to run')
  return (characters) =>
    waysThrough(choices, characters) * Math.max(1, Math.min(characters, choices.atoms))
}

/** What an expression leaves open. */
interface Choices {
  /** Choices that every character of the text may be the end of. */
  readonly places: number
  /** Choices between two. */
  readonly pairs: number
  readonly repetitions: readonly { readonly least: number; readonly most: number }[]
  /** Characters that one way through the expression compares beside repetitions that are free. */
  readonly atoms: number
}

const waysThrough = ({ places, pairs, repetitions }: Choices, characters: number): number =>
  repetitions.reduce(
    (ways, { least, most }) =>
      ways * (Math.min(most, characters) - Math.min(least, most, characters) + 1),
    Math.max(1, characters) ** places * 2 ** pairs,
  )

const ESCAPE = /\\(?:[pPu]\{[^}]*\}|[^])/uy
const CLASS = /\[(?:\\[^]|[^\]\\])*\]/uy
const GROUP = /\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?/uy
const QUANTIFIER = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/uy
const BACK_REFERENCE = /^\\[1-9k]/

/** Walks a valid expression once and gathers its choices; says what is wrong where one may not run. */
function choicesOf(source: string): Choices | string {
  const tied = source.startsWith('^')
  // What is not tied to the start may begin at every character.
  let [places, pairs] = [tied ? 0 : 1, 0]
  const repetitions: { readonly least: number; readonly most: number }[] = []
  const groups = [{ chooses: false, atoms: 0 }]
  const inner = () => groups.at(-1) ?? { chooses: false, atoms: 0 }
  let last = { chooses: false, atoms: 0 }
  for (let at = 0; at < source.length;) {
    const token = tokenAt(source, at)
    at += token.text.length
    const before = last
    last = { chooses: false, atoms: 1 }
    switch (token.kind) {
      case 'open':
        groups.push({ chooses: false, atoms: 0 })
        break
      case 'close':
        last = groups.pop() ?? last
        inner().chooses ||= last.chooses
        inner().atoms += last.atoms
        break
      case 'choice':
        if (groups.length === 1 && tied) places++
        else pairs++
        inner().chooses = true
        break
      case 'quantifier': {
        const { least, most } = token
        if (
          least > MAX_PATTERN_REPETITIONS ||
          (most !== Infinity && most > MAX_PATTERN_REPETITIONS)
        )
          return `must repeat nothing more than ${String(MAX_PATTERN_REPETITIONS)} times`
        if (most > 1 && before.chooses) {
          return 'must not repeat a group that repeats or chooses itself'
        }
        repetitions.push({ least, most })
        inner().chooses = true
        inner().atoms += before.atoms * Math.max(0, least - 1)
        break
      }
      case 'escape':
        if (BACK_REFERENCE.test(token.text)) return 'must not refer back to a group'
        inner().atoms++
        break
      case 'other':
        inner().atoms++
    }
  }
  return { places, pairs, repetitions, atoms: inner().atoms }
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
