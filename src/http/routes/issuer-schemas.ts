import { Hono } from 'hono'
import { isTypeName } from '../../domain/credential/schema-rules.ts'
import * as json from '../../domain/json/decode.ts'
import { putSchema } from '../../use-cases/put-schema.ts'
import type { AppEnv } from '../app-env.ts'
import { readCommand } from '../input/command.ts'
import { readPage } from '../input/page.ts'
import { issuerOf } from '../input/path-instance.ts'
import { asIssuer } from '../middleware/authorization.ts'
import { bodyRefusal } from '../output/body-refusal.ts'
import { answer, document } from '../output/json.ts'
import { pageJson } from '../output/listing.ts'
import { problem } from '../output/problem.ts'
import { schemaRefusal, schemaView } from '../output/schema.ts'

const VERSION = /^[1-9]\d{0,8}$/

/** The schemas that an issuer registers for credential types; everybody may read them. */
export const issuerSchemas = new Hono<AppEnv>()
  .put(
    '/:id/schemas/:type',
    asIssuer(async (c, issuer) => {
      const read = await readCommand(c, json.anyObject, `issuer ${issuer.id}`)
      if (!read.ok) return bodyRefusal(c, read.refusal)
      const { command, change } = read.value
      const type = c.req.param('type') ?? ''
      const put = await putSchema(c.var.ports, issuer, type, command, change)
      return put.ok ? answer(c, schemaView(put.value)) : schemaRefusal(c, put.refusal)
    }),
  )
  .get('/:id/schemas', async (c) => {
    const page = readPage(c.req.query(), 'number')
    if (!page.ok) return problem(c, 'request_invalid', { errors: page.refusal })
    const issuer = await issuerOf(c)
    if (issuer === undefined) return problem(c, 'not_found')
    const found = await c.var.ports.issuers.schemas(issuer.id, page.value)
    const body = JSON.stringify(pageJson(found, schemaView))
    return document(c, body, { cache: 'fresh', contentType: 'application/json' })
  })
  .get('/:id/schemas/:type', async (c) => {
    const { version } = c.req.query()
    if (version !== undefined && !VERSION.test(version)) {
      const errors = [{ pointer: '/version', detail: 'must be a whole number from 1' }]
      return problem(c, 'request_invalid', { errors })
    }
    const issuer = await issuerOf(c)
    const type = c.req.param('type')
    if (issuer === undefined || !isTypeName(type)) return problem(c, 'not_found')
    const wanted = version === undefined ? undefined : Number(version)
    const text = await c.var.ports.issuers.schemaText(issuer.id, type, wanted)
    if (text === undefined) return problem(c, 'not_found')
    const cache = wanted === undefined ? 'fresh' : 'release'
    return document(c, text, { cache, contentType: 'application/schema+json' })
  })
