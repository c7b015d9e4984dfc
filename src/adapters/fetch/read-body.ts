import { TOO_LATE, type Deadline } from './deadline.ts'

/**
 * All bytes of a decoded body, if there are at most `maxBytes` and the last one comes in time. Stops
 * reading, and lets go of the rest, as soon as either fails. Throws what the stream throws.
 */
export async function readBody(
  response: Response,
  maxBytes: number,
  deadline: Deadline,
): Promise<Uint8Array | 'body_too_large' | 'host_timeout'> {
  const body: ReadableStream<Uint8Array> | null = response.body
  if (body === null) return new Uint8Array()
  const reader = body.getReader()
  const announced = Number(response.headers.get('Content-Length') ?? 0)
  const bytes = announced > maxBytes ? 'body_too_large' : await collect(reader, maxBytes, deadline)
  // Whether the other side takes note is of no matter.
  if (typeof bytes === 'string') reader.cancel().catch(() => undefined)
  return bytes
}

async function collect(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  maxBytes: number,
  deadline: Deadline,
): Promise<Uint8Array | 'body_too_large' | 'host_timeout'> {
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const step = await deadline.within('total', reader.read())
    if (step === TOO_LATE) return 'host_timeout'
    if (step.done) return joined(chunks, length)
    length += step.value.length
    if (length > maxBytes) return 'body_too_large'
    chunks.push(step.value)
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
