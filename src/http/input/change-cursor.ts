import { decodeBase64url, encodeBase64url, utf8, utf8Text } from '../../domain/base64url.ts'
import { isInstanceId, type InstanceId } from '../../domain/instance/instance.ts'

const CURSOR = /^clients ([A-Za-z0-9_-]{1,64}) (\d{1,15})(?: ([A-Za-z0-9_-]{1,64}))?$/
const MAX_CURSOR_CHARACTERS = 256

/** How far a caller has come in a verifier's change feed. */
export interface FeedPlace {
  /** Of the last row that it has. */
  readonly sequence: number
  /** The last own issuer that was asked for the next rows; `undefined`: all were, or none. */
  readonly behind: InstanceId | undefined
}

/** The place, as callers keep it. */
export const changeCursor = (verifier: InstanceId, { sequence, behind }: FeedPlace): string =>
  encodeBase64url(
    utf8(`clients ${verifier} ${sequence}${behind === undefined ? '' : ` ${behind}`}`),
  )

/** The place that a cursor stands for; "foreign" for one of another verifier, `undefined` for no cursor. */
export function readChangeCursor(
  verifier: InstanceId,
  text: string,
): FeedPlace | 'foreign' | undefined {
  if (text.length > MAX_CURSOR_CHARACTERS) return undefined
  const bytes = decodeBase64url(text)
  const [, id, sequence, behind] = CURSOR.exec((bytes && utf8Text(bytes)) ?? '') ?? []
  if (id === undefined || sequence === undefined) return undefined
  return id === verifier
    ? { sequence: Number(sequence), behind: isInstanceId(behind) ? behind : undefined }
    : 'foreign'
}
