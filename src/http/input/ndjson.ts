import { joinedBytes } from '../../domain/joined-bytes.ts'
import { MAX_IMPORT_BYTES, MAX_IMPORT_LINE_BYTES } from '../../domain/limits.ts'
import { ok, refuse } from '../../domain/result.ts'
import type { Line } from '../../use-cases/import-archive.ts'

const LINE_END = 0x0a

/** True for `application/x-ndjson`, with or without parameters. */
export const isNdjson = (contentType: string | null): boolean =>
  contentType?.split(';', 1)[0]?.trim().toLowerCase() === 'application/x-ndjson'

/**
 * The lines of a body as they come in: no more than one of them is held at a time. Ends with a refusal
 * when the body, or a line of it, is too large, when it breaks off, or when its last line has no end.
 */
export async function* ndjsonLines(request: Request): AsyncGenerator<Line, void> {
  if (Number(request.headers.get('Content-Length') ?? 0) > MAX_IMPORT_BYTES) {
    yield refuse({ reason: 'body_too_large' })
    return
  }
  const body: ReadableStream<Uint8Array> | null = request.body
  let [pieces, length, total]: [Uint8Array[], number, number] = [[], 0, 0]
  try {
    for await (const chunk of body ?? []) {
      total += chunk.byteLength
      let from = 0
      while (from < chunk.length) {
        const end = chunk.indexOf(LINE_END, from)
        const piece = chunk.subarray(from, end === -1 ? chunk.length : end)
        pieces.push(piece)
        length += piece.length
        if (length > MAX_IMPORT_LINE_BYTES || total > MAX_IMPORT_BYTES) {
          yield refuse({ reason: 'body_too_large' })
          return
        }
        if (end === -1) break
        yield ok(joinedBytes(pieces))
        pieces = []
        length = 0
        from = end + 1
      }
    }
  } catch {
    yield refuse({ reason: 'body_incomplete' })
    return
  }
  if (length > 0) yield refuse({ reason: 'body_incomplete' })
}
