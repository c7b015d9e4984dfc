import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'

const ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
const BASE = 58
/** Value of each digit by its character code; -1 for what is no digit. */
const VALUES = Int8Array.from({ length: 128 }, (_, code) =>
  ALPHABET.indexOf(String.fromCharCode(code)),
)

/** As many digits as a number holds exactly: their value is below 2^53. */
const GROUP = 9

/**
 * Decodes base58btc; `undefined` when there is a character that is none of its digits. Every text has
 * one value and every value one text. Costs more than its length: callers cap it first (row D17).
 */
export function decodeBase58(text: string): Uint8Array | undefined {
  let value = 0n
  for (let at = 0; at < text.length; at += GROUP) {
    const digits = text.slice(at, at + GROUP)
    const group = groupValue(digits)
    if (group === undefined) return undefined
    value = value * BigInt(BASE ** digits.length) + BigInt(group)
  }
  const bytes = value === 0n ? new Uint8Array() : hexToBytes(evenHex(value))
  const zeros = leading(text.length, (at) => text.charAt(at) === ALPHABET.charAt(0))
  if (zeros === 0) return bytes
  const whole = new Uint8Array(zeros + bytes.length)
  whole.set(bytes, zeros)
  return whole
}

function groupValue(digits: string): number | undefined {
  let value = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = VALUES[digits.charCodeAt(at)] ?? -1
    if (digit === -1) return undefined
    value = value * BASE + digit
  }
  return value
}

function evenHex(value: bigint): string {
  const hex = value.toString(16)
  return hex.length % 2 === 0 ? hex : `0${hex}`
}

/** Encodes to base58btc. */
export function encodeBase58(bytes: Uint8Array): string {
  let text = ''
  const groupSize = BigInt(BASE ** GROUP)
  for (let value = BigInt(`0x0${bytesToHex(bytes)}`); value > 0n; value /= groupSize)
    text = groupText(Number(value % groupSize)) + text
  const zeros = leading(bytes.length, (at) => bytes[at] === 0)
  const first = leading(text.length, (at) => text.charAt(at) === ALPHABET.charAt(0))
  return ALPHABET.charAt(0).repeat(zeros) + text.slice(first)
}

function groupText(value: number): string {
  let text = ''
  for (let rest = value, digit = 0; digit < GROUP; digit++, rest = Math.floor(rest / BASE))
    text = ALPHABET.charAt(rest % BASE) + text
  return text
}

/** How many come first of which this holds. */
function leading(length: number, holds: (at: number) => boolean): number {
  let count = 0
  while (count < length && holds(count)) count++
  return count
}
