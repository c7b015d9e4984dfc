import { Hono } from 'hono'
import {
  changeCredentialStatuses,
  previewCredentialStatuses,
} from '../../use-cases/change-credential-statuses.ts'
import { issueCredentials } from '../../use-cases/issue-credentials.ts'
import type { AppEnv } from '../app-env.ts'
import { readCommand } from '../input/command.ts'
import { issueCommand, ISSUE_MANY } from '../input/issue-command.ts'
import { STATUS_MANY, statusesCommand } from '../input/status-command.ts'
import { asIssuer } from '../middleware/authorization.ts'
import { issueReport, statusesRefusal, statusReport } from '../output/batch.ts'
import { bodyRefusal } from '../output/body-refusal.ts'
import { issueRefusal } from '../output/credential.ts'
import { answer } from '../output/json.ts'

/** What an issuer does to many credentials in one call. */
export const issuerBatches = new Hono<AppEnv>()
  .post(
    '/:id/credentials/issue-batch',
    asIssuer(async (c, issuer) => {
      const read = await readCommand(c, ISSUE_MANY, `issuer ${issuer.id}`)
      if (!read.ok) return bodyRefusal(c, read.refusal)
      const { command, change } = read.value
      const commands = command.credentials.map(issueCommand)
      const issued = await issueCredentials(c.var.ports, issuer, commands, change)
      if (!issued.ok) return issueRefusal(c, issued.refusal)
      return answer(c, issueReport(c, issuer, issued.value))
    }),
  )
  .post(
    '/:id/credentials/status-batch',
    asIssuer(async (c, issuer) => {
      const { ports } = c.var
      const read = await readCommand(c, STATUS_MANY, `issuer ${issuer.id}`)
      if (!read.ok) return bodyRefusal(c, read.refusal)
      const { command, change } = read.value
      const wanted = statusesCommand(command)
      if (command.dryRun) {
        const preview = await previewCredentialStatuses(ports, issuer, wanted)
        if (!preview.ok) return statusesRefusal(c, preview.refusal)
        return answer(c, {
          dryRun: true,
          ...statusReport(ports.publicUrl, issuer, wanted, preview.value),
        })
      }
      const changed = await changeCredentialStatuses(ports, issuer, wanted, change)
      if (!changed.ok) return statusesRefusal(c, changed.refusal)
      return answer(c, {
        dryRun: false,
        ...statusReport(ports.publicUrl, issuer, wanted, changed.value),
      })
    }),
  )
