import type { CallOptions } from './call-options.ts'
import type { Transport } from './transport.ts'
import { TrustError } from './trust-error.ts'

/** All that an instance owns, as NDJSON, to be read as it comes. Holds no private key. */
export async function exported(
  transport: Transport,
  base: string,
  options: CallOptions = {},
): Promise<ReadableStream<Uint8Array>> {
  const accept = 'application/x-ndjson'
  const call = { method: 'GET', path: `${base}/export`, accept, ...options } as const
  const { body } = await transport.stream(call)
  if (body === null) throw new TrustError('answer_unexpected')
  return body
}
