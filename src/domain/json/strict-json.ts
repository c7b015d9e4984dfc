import { MAX_JSON_DEPTH } from '../limits.ts'
import { ok, refuse, type Result } from '../result.ts'

export type Json = null | boolean | number | string | readonly Json[] | JsonObject
export interface JsonObject {
  readonly [member: string]: Json
}

/** Codes of the contract, the same for a body, a JWS header and a payload. */
export interface JsonRefusal {
  readonly reason:
    | 'utf8_invalid'
    | 'json_invalid'
    | 'json_too_deep'
    | 'json_duplicate_key'
    | 'json_forbidden_key'
    /** A number that no double holds as it is written. */
    | 'json_number_unsafe'
}

const BYTE_ORDER_MARK = '\ufeff'
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads JSON (RFC 8259) as a security protocol must: valid UTF-8 without byte order mark, no member
 * named twice at any level (RFC 7515 §4, row J13), no `__proto__` member (J14), nesting at most
 * `MAX_JSON_DEPTH` (J15), no lone surrogates (J16). Never throws on bytes.
 */
export function parseStrictJson(bytes: Uint8Array): Result<Json, JsonRefusal> {
  let text: string
  try {
    text = UTF8.decode(bytes)
  } catch {
    return refuse({ reason: 'utf8_invalid' })
  }
  return text.startsWith(BYTE_ORDER_MARK)
    ? refuse({ reason: 'utf8_invalid' })
    : parseStrictJsonText(text)
}

/** As `parseStrictJson`, for text that is already decoded. */
export function parseStrictJsonText(text: string): Result<Json, JsonRefusal> {
  const fault = structureFault(text)
  if (fault === 'json_too_deep') return refuse({ reason: fault })
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch {
    return refuse({ reason: 'json_invalid' })
  }
  return fault === undefined ? ok(value) : refuse({ reason: fault })
}

/** True for a JSON object, and not for `null` or an array. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a]
const [MINUS, ZERO, NINE] = [0x2d, 0x30, 0x39]
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/**
 * Walks the brackets and strings of a text once, before it is known to be JSON: the nesting must be
 * judged first, and what it finds in text that is no JSON is overruled by `JSON.parse`. Runs on every
 * token and body, so strings are passed over with `indexOf` and only looked into where it matters.
 */
function structureFault(text: string): JsonRefusal['reason'] | undefined {
  let fault: JsonRefusal['reason'] | undefined = text.isWellFormed() ? undefined : 'utf8_invalid'
  let backslash = text.indexOf('\\')
  const open: (Set<string> | undefined)[] = []
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === OPEN_OBJECT || char === OPEN_ARRAY) {
      if (open.push(char === OPEN_OBJECT ? new Set() : undefined) > MAX_JSON_DEPTH)
        return 'json_too_deep'
    } else if (char === CLOSE_OBJECT || char === CLOSE_ARRAY) open.pop()
    else if (char === MINUS || (char >= ZERO && char <= NINE)) {
      const end = endOfNumber(text, at)
      if (isAltered(text.slice(at, end))) fault ??= 'json_number_unsafe'
      at = end - 1
    } else if (char === QUOTE) {
      const start = at + 1
      at = endOfString(text, at)
      if (backslash !== -1 && backslash < start) backslash = text.indexOf('\\', start)
      const escaped = backslash !== -1 && backslash < at
      const members = open.at(-1)
      const isName = members !== undefined && nextIsColon(text, at + 1)
      if (!escaped && !isName) continue
      const string = escaped ? unescaped(text.slice(start, at)) : text.slice(start, at)
      if (escaped && !string.isWellFormed()) fault ??= 'utf8_invalid'
      if (!isName) continue
      if (string === '__proto__') fault ??= 'json_forbidden_key'
      if (members.has(string)) fault ??= 'json_duplicate_key'
      members.add(string)
    }
  }
  return fault
}

/** Digits of an integer that a double may not hold exactly begin at 2^53, which has sixteen. */
const UNSAFE_DIGITS = 16

/** True for a number that would not be the same after reading: beyond 2^53, or infinite. */
function isAltered(literal: string): boolean {
  const value = Number(literal)
  if (/^-?\d+$/.test(literal))
    return literal.length >= UNSAFE_DIGITS && !Number.isSafeInteger(value)
  return !Number.isNaN(value) && !Number.isFinite(value)
}

function endOfNumber(text: string, from: number): number {
  let at = from + 1
  while (/[\d.eE+-]/.test(text.charAt(at))) at++
  return at
}

/** The string that a JSON string literal's inside stands for; the inside itself when it is no literal. */
function unescaped(inside: string): string {
  try {
    return JSON.parse(`"${inside}"`) as string
  } catch {
    return inside
  }
}

/** Index of the closing quote; the end of the text when there is none. */
function endOfString(text: string, opening: number): number {
  let quote = text.indexOf('"', opening + 1)
  while (quote !== -1 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1)
  return quote === -1 ? text.length : quote
}

/** True after an odd number of backslashes; the opening quote ends the count at the latest. */
function isEscaped(text: string, quote: number): boolean {
  let first = quote
  while (text.charCodeAt(first - 1) === BACKSLASH) first--
  return (quote - first) % 2 === 1
}

function nextIsColon(text: string, from: number): boolean {
  let at = from
  while (text.charCodeAt(at) <= 0x20) at++
  return text.charCodeAt(at) === COLON
}
