import { Hono } from 'hono'
import { isInstanceId, type Issuer } from '../../domain/instance/instance.ts'
import { linkedPresentationUrl } from '../../domain/instance/issuer-services.ts'
import * as json from '../../domain/json/decode.ts'
import { isJsonObject, type Json } from '../../domain/json/strict-json.ts'
import { MAX_CREDENTIALS_IN_PRESENTATION } from '../../domain/limits.ts'
import { dateTimeStamp } from '../../domain/time.ts'
import { presentAccreditations } from '../../use-cases/present-accreditations.ts'
import { putAccreditations, type StoredAccreditation } from '../../use-cases/put-accreditations.ts'
import type { AppEnv } from '../app-env.ts'
import { readBody } from '../input/body.ts'
import { readChange } from '../input/change.ts'
import { asIssuer } from '../middleware/authorization.ts'
import { bodyRefusal } from '../output/body-refusal.ts'
import { answer, document } from '../output/json.ts'
import { problem } from '../output/problem.ts'

const secured: json.Decoder<Json> = json.where(
  (value): value is Json => typeof value === 'string' || isJsonObject(value),
  'a compact JWS or an object',
)

const ACCREDITATIONS = json.object({
  verifiableCredential: json.list(secured, 0, MAX_CREDENTIALS_IN_PRESENTATION),
})

/** What an issuer publishes about itself: only it says what, and everybody may read it. */
export const issuerAccreditations = new Hono<AppEnv>()
  .put(
    '/:id/linked-presentation',
    asIssuer(async (c, issuer) => {
      const body = await readBody(c.req.raw, ACCREDITATIONS)
      if (!body.ok) return bodyRefusal(c, body.refusal)
      const { bytes, command } = body.value
      const { ports } = c.var
      const change = readChange(ports, c.req.raw, bytes, `issuer ${issuer.id}`)
      if (!change.ok) return problem(c, change.refusal.reason)
      const put = await putAccreditations(ports, issuer, command.verifiableCredential, change.value)
      if (put.ok) return answer(c, view(ports.publicUrl, issuer, put.value))
      const { reason } = put.refusal
      return reason === 'credential_invalid'
        ? problem(c, reason, { errors: put.refusal.errors })
        : problem(c, reason)
    }),
  )
  .get('/:id/linked-presentation', async (c) => {
    const id = c.req.param('id')
    const { ports } = c.var
    const stored = isInstanceId(id) ? await ports.issuers.find(id) : undefined
    if (stored === undefined) return problem(c, 'not_found')
    const presented = await presentAccreditations(ports, stored.instance)
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
