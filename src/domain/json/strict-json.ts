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
const UTF8_ENCODER = new TextEncoder()

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
  return text.startsWith(BYTE_ORDER_MARK) ? refuse({ reason: 'utf8_invalid' }) : parse(text, bytes)
}

/** As `parseStrictJson`, for text that is already decoded. */
export const parseStrictJsonText = (text: string): Result<Json, JsonRefusal> =>
  parse(text, UTF8_ENCODER.encode(text))

/** True for a JSON object, and not for `null` or an array. */
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The nesting is judged first, and all else when it is known to be JSON. */
function parse(text: string, bytes: Uint8Array): Result<Json, JsonRefusal> {
  const shape = shapeOf(bytes)
  if (shape === 'json_too_deep') return refuse({ reason: shape })
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch {
    return refuse({ reason: 'json_invalid' })
  }
  if (shape.unsafe) return refuse({ reason: 'json_number_unsafe' })
  if (membersIn(value) !== shape.members) return refuse({ reason: 'json_duplicate_key' })
  // Without an escape a forbidden name stands there as it is, and decoded text has no half pairs.
  const plain = !shape.escapes && !text.includes('__proto__') && text.isWellFormed()
  const reason = plain ? undefined : textFault(value)
  return reason === undefined ? ok(value) : refuse({ reason })
}

const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a]
const [PLUS, MINUS, POINT, ZERO, NINE] = [0x2b, 0x2d, 0x2e, 0x30, 0x39]
const [LARGE_E, SMALL_E] = [0x45, 0x65]
const [OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]

/** What can be seen of a text before it is read. */
interface Shape {
  /** Colons outside strings: one for each member, also for one that another of its name replaces. */
  readonly members: number
  readonly escapes: boolean
  /** Whether a number would not be the same after reading. */
  readonly unsafe: boolean
}

/**
 * Walks the text once; what it says of one that is no JSON means nothing.
 * NOTE: every token and body passes here. Looking at bytes takes half the time of looking for strings
 * and keeping their names.
 */
function shapeOf(bytes: Uint8Array): Shape | 'json_too_deep' {
  let [depth, members, escapes, unsafe] = [0, 0, false, false]
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    if (byte === QUOTE) {
      while (++at < bytes.length && bytes[at] !== QUOTE) {
        if (bytes[at] !== BACKSLASH) continue
        escapes = true
        at++
      }
    } else if (byte === COLON) members++
    else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (++depth > MAX_JSON_DEPTH) return 'json_too_deep'
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth = Math.max(depth - 1, 0)
    else if (byte === MINUS || (byte >= ZERO && byte <= NINE)) {
      const start = at
      let exponent = false
      for (; isOfNumber(bytes[at + 1] ?? 0); at++) exponent ||= isExponent(bytes[at + 1] ?? 0)
      // What is shorter than that, and has no exponent, is as it was written.
      if (exponent || at + 1 - start >= UNSAFE_DIGITS)
        unsafe ||= isAltered(UTF8.decode(bytes.subarray(start, at + 1)))
    }
  }
  return { members, escapes, unsafe }
}

const isOfNumber = (byte: number): boolean =>
  (byte >= ZERO && byte <= NINE) ||
  byte === MINUS ||
  byte === PLUS ||
  byte === POINT ||
  isExponent(byte)

const isExponent = (byte: number): boolean => byte === LARGE_E || byte === SMALL_E

/** Digits of an integer that a double may not hold exactly begin at 2^53, which has sixteen. */
const UNSAFE_DIGITS = 16

/** True for a number that would not be the same after reading: beyond 2^53, or infinite. */
function isAltered(literal: string): boolean {
  const value = Number(literal)
  if (/^-?\d+$/.test(literal)) return !Number.isSafeInteger(value)
  return !Number.isNaN(value) && !Number.isFinite(value)
}

/** Members at all levels. Of several with one name the last alone was kept. */
function membersIn(value: Json): number {
  let count = 0
  if (isJsonObject(value)) for (const name in value) count += 1 + membersIn(value[name] ?? null)
  else if (Array.isArray(value))
    for (const item of value as readonly Json[]) count += membersIn(item)
  return count
}

/** A lone surrogate in any text or name, and a member that JavaScript takes for a prototype. */
function textFault(value: Json): 'utf8_invalid' | 'json_forbidden_key' | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? undefined : 'utf8_invalid'
  if (typeof value !== 'object' || value === null) return undefined
  for (const [name, item] of Object.entries<Json>(value)) {
    if (name === '__proto__') return 'json_forbidden_key'
    const fault = textFault(name) ?? textFault(item)
    if (fault !== undefined) return fault
  }
  return undefined
}
