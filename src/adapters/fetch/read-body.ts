import { joinedBytes } from '../../domain/joined-bytes.ts'
import { OUT_OF_TIME, TOO_LATE, type Deadline } from './deadline.ts'

type BodyRefusal = 'body_too_large' | 'host_timeout' | 'fetch_budget_spent'

/**
 * All bytes of a decoded body, if there are at most `maxBytes` and the last one comes in time. Stops
 * reading, and lets go of the rest, as soon as either fails. Throws what the stream throws.
 */
export async function readBody(
  response: Response,
  maxBytes: number,
  deadline: Deadline,
): Promise<Uint8Array | BodyRefusal> {
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
): Promise<Uint8Array | BodyRefusal> {
  const chunks: Uint8Array[] = []
  let length = 0
  for (;;) {
    const step = await deadline.within('total', reader.read())
    if (step === TOO_LATE) return 'host_timeout'
    if (step === OUT_OF_TIME) return 'fetch_budget_spent'
    if (step.done) return joinedBytes(chunks)
    length += step.value.length
    if (length > maxBytes) return 'body_too_large'
    chunks.push(step.value)
  }
}
