import type { Fault } from '../../domain/fault.ts'
import { joinedBytes } from '../../domain/joined-bytes.ts'
import { decode, type Decoder } from '../../domain/json/decode.ts'
import { parseStrictJson, type JsonRefusal } from '../../domain/json/strict-json.ts'
import { MAX_BODY_BYTES } from '../../domain/limits.ts'
import { ok, refuse, type Result } from '../../domain/result.ts'

export type BodyRefusal =
  | JsonRefusal
  | { readonly reason: 'body_too_large' | 'body_incomplete' | 'media_type_not_supported' }
  | { readonly reason: 'request_invalid'; readonly errors: readonly Fault[] }

/** A body as it came, for the digest of the idempotency mark, and as the command it stands for. */
export interface ReadBody<Command> {
  readonly bytes: Uint8Array
  readonly command: Command
}

/** Reads a strict JSON body (rows H1–H3, J13–J16) into the command that `decoder` describes. */
export async function readBody<Command>(
  request: Request,
  decoder: Decoder<Command>,
): Promise<Result<ReadBody<Command>, BodyRefusal>> {
  if (!isJson(request.headers.get('Content-Type')) || isEncoded(request))
    return refuse({ reason: 'media_type_not_supported' })
  const bytes = await readAtMost(request, MAX_BODY_BYTES)
  if (typeof bytes === 'string') return refuse({ reason: bytes })
  const json = parseStrictJson(bytes)
  if (!json.ok) return json
  const command = decode(decoder, json.value)
  if (!command.ok) return refuse({ reason: 'request_invalid', errors: command.refusal })
  return ok({ bytes, command: command.value })
}

/** True for a body in a content coding, none of which is read here (RFC 9110 §8.4: 415). */
export function isEncoded(request: Request): boolean {
  const coding = request.headers.get('Content-Encoding')
  return coding !== null && !['', 'identity'].includes(coding.trim().toLowerCase())
}

/** `application/json`, at most with `charset=utf-8` (row H2). */
function isJson(contentType: string | null): boolean {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';')
  return (
    type.trim() === 'application/json' &&
    parameters.every((one) => /^\s*charset\s*=\s*"?utf-8"?\s*$/.test(one))
  )
}

/**
 * The body's bytes; too large as soon as there is one too many, whatever Content-Length says (H3);
 * incomplete when the connection breaks or its framing does, which only the sender can bring about.
 */
async function readAtMost(
  request: Request,
  most: number,
): Promise<Uint8Array | 'body_too_large' | 'body_incomplete'> {
  const announced = request.headers.get('Content-Length')
  if (Number(announced ?? 0) > most) return 'body_too_large'
  return announced === null ? readChunks(request, most) : readWhole(request, most)
}

/**
 * NOTE: the platform lets no more through than was announced, so that this reads no more than a body
 * may have; it costs a third of reading chunk by chunk.
 */
async function readWhole(
  request: Request,
  most: number,
): Promise<Uint8Array | 'body_too_large' | 'body_incomplete'> {
  try {
    const bytes = new Uint8Array(await request.arrayBuffer())
    return bytes.length > most ? 'body_too_large' : bytes
  } catch {
    return 'body_incomplete'
  }
}

async function readChunks(
  request: Request,
  most: number,
): Promise<Uint8Array | 'body_too_large' | 'body_incomplete'> {
  const chunks: Uint8Array[] = []
  let length = 0
  const body: ReadableStream<Uint8Array> | null = request.body
  try {
    for await (const chunk of body ?? []) {
      length += chunk.byteLength
      if (length > most) return 'body_too_large'
      chunks.push(chunk)
    }
  } catch {
    return 'body_incomplete'
  }
  const [only] = chunks
  if (chunks.length === 1 && only !== undefined) return only
  return joinedBytes(chunks)
}
