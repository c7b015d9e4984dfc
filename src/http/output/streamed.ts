import type { Context } from 'hono'
import type { AppEnv } from '../app-env.ts'
import type { exportArchive } from '../../use-cases/export-archive.ts'
import { UNSIGNED } from './credential.ts'
import { problem } from './problem.ts'
import { respond } from './respond.ts'

/** A body that is made piece by piece, as fast as it is read. The first piece is made at once. */
async function streamed(
  pieces: AsyncGenerator<Uint8Array, void>,
): Promise<ReadableStream<Uint8Array>> {
  // What fails at once can still be answered with its own status.
  let next = await pieces.next()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (next.done === true) {
        controller.close()
        return
      }
      controller.enqueue(next.value)
      next = await pieces.next()
    },
    async cancel() {
      await pieces.return()
    },
  })
}

/** An export: lines of JSON, kept by nobody. */
export const ndjson = async (
  c: Context<AppEnv>,
  exported: ReturnType<typeof exportArchive>,
): Promise<Response> =>
  exported.ok
    ? respond(c, await streamed(exported.value), 200, {
        'Content-Type': 'application/x-ndjson',
        'Cache-Control': 'no-store',
      })
    : problem(c, exported.refusal.reason, UNSIGNED)
