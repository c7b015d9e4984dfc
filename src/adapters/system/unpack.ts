import { joinedBytes } from '../../domain/joined-bytes.ts'
import { ok, refuse, type Result } from '../../domain/result.ts'
import type { Packing, UnpackRefusal } from '../../ports/compression.ts'

/**
 * Bytes that are handed to the platform at one time. It unpacks what it is handed to the end before
 * anybody can look, and DEFLATE makes at most 1032 bytes of one: this is what bounds the memory, to 4 MiB. A list
 * with one bit in a hundred set is a third of it.
 */
const SLICE = 4_096

/** A turn of the event loop, in which the reader gets what there is: a write alone does not wait for it. */
const aTurn = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0)
  })

/** Undoes GZIP (RFC 1952) or ZLIB (RFC 1950), which the platform calls `deflate`. */
export async function unpack(
  packed: Uint8Array,
  packing: Packing,
  maxBytes: number,
): Promise<Result<Uint8Array, UnpackRefusal>> {
  const { readable, writable } = new DecompressionStream(packing === 'gzip' ? 'gzip' : 'deflate')
  const writer: WritableStreamDefaultWriter<Uint8Array> = writable.getWriter()
  const reader: ReadableStreamDefaultReader<Uint8Array> = readable.getReader()
  const reading = { over: false }
  try {
    const unpacked = collect(reader, maxBytes, reading)
    const fed = feed(writer, packed, reading)
    // The reading ends first when there is too much: what is still to be written is then let go.
    const bytes = await Promise.race([unpacked, fed.then(() => unpacked)])
    return bytes === undefined ? refuse({ reason: 'too_large' }) : ok(bytes)
  } catch (cause) {
    if (cause instanceof TypeError || isDataError(cause)) return refuse({ reason: 'malformed' })
    throw cause
  } finally {
    reading.over = true
    // Whether the stream takes note is of no matter.
    reader.cancel().catch(() => undefined)
    writer.abort().catch(() => undefined)
  }
}

/** Slice by slice, so that the reader comes in between and can end it. */
async function feed(
  writer: WritableStreamDefaultWriter<Uint8Array>,
  packed: Uint8Array,
  reading: { readonly over: boolean },
): Promise<void> {
  for (let at = 0; at < packed.length && !reading.over; at += SLICE) {
    await writer.write(packed.subarray(at, at + SLICE))
    if (at + SLICE < packed.length) await aTurn()
  }
  if (!reading.over) await writer.close()
}

/** All there is; `undefined` as soon as that is more than `maxBytes`. */
async function collect(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
  reading: { over: boolean },
): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > maxBytes) {
      reading.over = true
      return undefined
    }
    chunks.push(value)
  }
  return joinedBytes(chunks)
}

/** Platforms say it with errors of their own kind, by the code of zlib. */
const isDataError = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_')
