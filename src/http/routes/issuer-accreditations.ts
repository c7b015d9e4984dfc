import { Hono } from 'hono'
import type { Issuer } from '../../domain/instance/instance.ts'
import { linkedPresentationUrl } from '../../domain/instance/issuer-services.ts'
import * as json from '../../domain/json/decode.ts'
import { MAX_CREDENTIALS_IN_PRESENTATION } from '../../domain/limits.ts'
import { dateTimeStamp } from '../../domain/time.ts'
import { presentAccreditations } from '../../use-cases/present-accreditations.ts'
import { putAccreditations, type StoredAccreditation } from '../../use-cases/put-accreditations.ts'
import type { AppEnv } from '../app-env.ts'
import { readCommand } from '../input/command.ts'
import { issuerOf } from '../input/path-instance.ts'
import { secured } from '../input/secured.ts'
import { asIssuer } from '../middleware/authorization.ts'
import { bodyRefusal } from '../output/body-refusal.ts'
import { answer, document } from '../output/json.ts'
import { problem } from '../output/problem.ts'

const ACCREDITATIONS = json.object({
  verifiableCredential: json.list(secured, 0, MAX_CREDENTIALS_IN_PRESENTATION),
})

/** What an issuer publishes about itself: only it says what, and everybody may read it. */
export const issuerAccreditations = new Hono<AppEnv>()
  .put(
    '/:id/linked-presentation',
    asIssuer(async (c, issuer) => {
      const read = await readCommand(c, ACCREDITATIONS, `issuer ${issuer.id}`)
      if (!read.ok) return bodyRefusal(c, read.refusal)
      const { command, change } = read.value
      const { ports } = c.var
      const put = await putAccreditations(ports, issuer, command.verifiableCredential, change)
      if (put.ok) return answer(c, view(ports.publicUrl, issuer, put.value))
      const { reason } = put.refusal
      return reason === 'credential_invalid'
        ? problem(c, reason, { errors: put.refusal.errors })
        : problem(c, reason)
    }),
  )
  .get('/:id/linked-presentation', async (c) => {
    const issuer = await issuerOf(c)
    if (issuer === undefined) return problem(c, 'not_found')
    const presented = await presentAccreditations(c.var.ports, issuer)
    if (!presented.ok) return problem(c, presented.refusal.reason)
    return document(c, presented.value, { cache: 'minute', contentType: 'application/vp+jwt' })
  })

const view = (publicUrl: string, issuer: Issuer, stored: readonly StoredAccreditation[]) => ({
  linkedPresentation: linkedPresentationUrl(publicUrl, issuer),
  accreditations: stored.map(({ accreditation: { credentialId, issuer: by, validUntil } }) => ({
    id: credentialId,
    issuer: by,
    ...(validUntil === undefined ? {} : { validUntil: dateTimeStamp(validUntil) }),
  })),
})
