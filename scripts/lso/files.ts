import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { UsageError } from './outcome.ts'

/** The text of a file, or of the standard input for `-`, without white space around it. */
export function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8').trim()
  } catch (cause) {
    throw new UsageError(`${file} cannot be read: ${codeOf(cause)}`)
  }
}

/** The JSON object in a file. */
export function readJsonObject(file: string): Readonly<Record<string, unknown>> {
  return jsonObjectIn(readText(file), file)
}

/** The JSON object that a text is; `file` names it. */
export function jsonObjectIn(text: string, file: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new UsageError(`${file} is not JSON`)
  }
  if (!isObject(value)) throw new UsageError(`${file} is no JSON object`)
  return value
}

/** Refuses a file that exists already, before anything is done that it should hold. */
export function assertNew(file: string): void {
  if (existsSync(file))
    throw new UsageError(`${file} exists already: move it away, or choose another name`)
}

/** Writes a file that must not exist yet. `secret`: readable by its owner alone. */
export function writeNew(file: string, text: string, secret: boolean): void {
  assertNew(file)
  try {
    writeFileSync(file, text, { flag: 'wx', mode: secret ? 0o600 : 0o644 })
  } catch (cause) {
    throw new UsageError(`${file} cannot be written: ${codeOf(cause)}`)
  }
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown cause'
