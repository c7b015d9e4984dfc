import { decodeBase64url, encodeBase64url, utf8, utf8Text } from '../../domain/base64url.ts'
import type { InstanceId } from '../../domain/instance/instance.ts'

const CURSOR = /^clients ([A-Za-z0-9_-]{1,64}) (\d{1,15})$/
const MAX_CURSOR_CHARACTERS = 256

/** The place behind a row of a verifier's change feed, as callers keep it. */
export const changeCursor = (verifier: InstanceId, sequence: number): string =>
  encodeBase64url(utf8(`clients ${verifier} ${sequence}`))

/** The sequence that a cursor stands for; "foreign" for one of another verifier, `undefined` for no cursor. */
export function readChangeCursor(
  verifier: InstanceId,
  text: string,
): number | 'foreign' | undefined {
  if (text.length > MAX_CURSOR_CHARACTERS) return undefined
  const bytes = decodeBase64url(text)
  const [, id, sequence] = CURSOR.exec((bytes && utf8Text(bytes)) ?? '') ?? []
  if (id === undefined || sequence === undefined) return undefined
  return id === verifier ? Number(sequence) : 'foreign'
}
