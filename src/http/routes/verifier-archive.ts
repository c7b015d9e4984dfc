import { Hono } from 'hono'
import { exportVerifier } from '../../use-cases/export-verifier.ts'
import { importVerifier } from '../../use-cases/import-verifier.ts'
import type { AppEnv } from '../app-env.ts'
import { takeIn } from '../input/archive.ts'
import { asVerifier } from '../middleware/authorization.ts'
import { ndjson } from '../output/streamed.ts'

/** What a verifier takes along when it moves. */
export const verifierExport = new Hono<AppEnv>().get(
  '/:id/export',
  asVerifier((c, verifier) => ndjson(c, exportVerifier(c.var.ports, verifier))),
)

/** Where it moves in: for the holder of the admin token. */
export const verifierImport = new Hono<AppEnv>().post('/verifiers/import', (c) =>
  takeIn(c, 'verifiers', (lines, changeOf) => importVerifier(c.var.ports, lines, changeOf)),
)
