import { Hono } from 'hono'
import { exportIssuer } from '../../use-cases/export-issuer.ts'
import { importIssuer } from '../../use-cases/import-issuer.ts'
import type { AppEnv } from '../app-env.ts'
import { readChange } from '../input/change.ts'
import { isNdjson, ndjsonLines } from '../input/ndjson.ts'
import { asIssuer } from '../middleware/authorization.ts'
import { answer } from '../output/json.ts'
import { problem } from '../output/problem.ts'
import { respond } from '../output/respond.ts'
import { streamed } from '../output/streamed.ts'

const NO_BODY = new Uint8Array()

/** What an issuer takes along when it moves. */
export const issuerExport = new Hono<AppEnv>().get(
  '/:id/export',
  asIssuer(async (c, issuer) =>
    respond(c, await streamed(exportIssuer(c.var.ports, issuer)), 200, {
      'Content-Type': 'application/x-ndjson',
      'Cache-Control': 'no-store',
    }),
  ),
)

/** Where it moves in: for the holder of the admin token. */
export const issuerImport = new Hono<AppEnv>().post('/issuers/import', async (c) => {
  const { ports } = c.var
  const request = c.req.raw
  if (!isNdjson(request.headers.get('Content-Type'))) {
    return problem(c, 'media_type_not_supported', {
      detail: 'Send Content-Type: application/x-ndjson',
    })
  }
  const change = readChange(ports, request, NO_BODY, 'admin')
  if (!change.ok) return problem(c, change.refusal.reason)
  const lines = ndjsonLines(request)
  try {
    const imported = await importIssuer(ports, lines, (fileDigest) => {
      const whole = readChange(ports, request, fileDigest, 'admin')
      return whole.ok ? whole.value : change.value
    })
    if (imported.ok) {
      return answer(c, imported.value, 201, {
        Location: `${ports.publicUrl}/admin/issuers/${imported.value.id}`,
      })
    }
    const { refusal } = imported
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
})
