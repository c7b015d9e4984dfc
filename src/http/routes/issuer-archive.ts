import { Hono } from 'hono'
import { exportIssuer } from '../../use-cases/export-issuer.ts'
import { importIssuer } from '../../use-cases/import-issuer.ts'
import type { AppEnv } from '../app-env.ts'
import { takeIn } from '../input/archive.ts'
import { asIssuer } from '../middleware/authorization.ts'
import { ndjson } from '../output/streamed.ts'

/** What an issuer takes along when it moves. */
export const issuerExport = new Hono<AppEnv>().get(
  '/:id/export',
  asIssuer(async (c, issuer) => ndjson(c, await exportIssuer(c.var.ports, issuer))),
)

/** Where it moves in: for the holder of the admin token. */
export const issuerImport = new Hono<AppEnv>().post('/issuers/import', (c) =>
  takeIn(c, 'issuers', (lines, changeOf) => importIssuer(c.var.ports, lines, changeOf)),
)
