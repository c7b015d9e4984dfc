import type { Context } from 'hono'
import type { Result } from '../../domain/result.ts'
import type { ImportChange, ImportRefusal, Line } from '../../use-cases/import-archive.ts'
import type { AppEnv } from '../app-env.ts'
import { answer } from '../output/json.ts'
import { problem } from '../output/problem.ts'
import { isEncoded } from './body.ts'
import { NO_BODY, readChange } from './change.ts'
import { isNdjson, ndjsonLines } from './ndjson.ts'

/** Takes in the body of an import and answers for it: the same for instances of each kind. */
export async function takeIn<Imported extends { readonly id: string }>(
  c: Context<AppEnv>,
  kinds: 'issuers' | 'verifiers',
  importFrom: (
    lines: AsyncIterable<Line>,
    changeOf: ImportChange,
  ) => Promise<Result<Imported, ImportRefusal>>,
): Promise<Response> {
  const { ports } = c.var
  const request = c.req.raw
  if (!isNdjson(request.headers.get('Content-Type')) || isEncoded(request)) {
    return problem(c, 'media_type_not_supported', {
      detail: 'Send Content-Type: application/x-ndjson, without Content-Encoding',
    })
  }
  const change = readChange(ports, request, NO_BODY, 'admin')
  if (!change.ok) return problem(c, change.refusal.reason)
  const lines = ndjsonLines(request)
  try {
    const imported = await importFrom(leftOpen(lines), (fileDigest) => {
      const whole = readChange(ports, request, fileDigest, 'admin')
      return whole.ok ? whole.value : change.value
    })
    if (imported.ok) {
      return answer(c, imported.value, 201, {
        Location: `${ports.publicUrl}/admin/${kinds}/${imported.value.id}`,
      })
    }
    const { refusal } = imported
    await readToEnd(lines)
    switch (refusal.reason) {
      case 'request_invalid':
        return problem(c, refusal.reason, { errors: refusal.errors })
      case 'archive_invalid':
        return problem(c, refusal.reason, {
          detail: `line ${String(refusal.line)}: ${refusal.detail}`,
        })
      default:
        return problem(c, refusal.reason)
    }
  } finally {
    await lines.return()
  }
}

/** The same lines; whoever stops reading them early does not end the body with that. */
const leftOpen = (lines: AsyncIterator<Line, void>): AsyncIterable<Line> => ({
  [Symbol.asyncIterator]: () => ({ next: () => lines.next() }),
})

/**
 * Reads what is left of a body, as far as an import may be long. Whoever is still sending when the
 * answer comes and the connection ends sees a broken connection, and no answer.
 */
async function readToEnd(lines: AsyncIterator<Line, void>): Promise<void> {
  let ended = false
  while (!ended) ended = (await lines.next()).done === true
}
