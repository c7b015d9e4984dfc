import { Hono } from 'hono'
import type { AppEnv } from '../app-env.ts'
import { asVerifier } from '../middleware/authorization.ts'
import { auditPage, auditVerification } from '../output/audit.ts'

/** Who changed what at a verifier. */
export const verifierAudit = new Hono<AppEnv>()
  .get(
    '/:id/audit',
    asVerifier((c, { id }) => auditPage(c, c.var.ports.verifiers, id)),
  )
  .get(
    '/:id/audit/verify',
    asVerifier((c, { id }) => auditVerification(c, c.var.ports.verifiers, id)),
  )
