import { Hono } from 'hono'
import lsoContext from '../../../schemas/contexts/lso-v1.json' with { type: 'json' }
import delegation from '../../../schemas/lso-delegation-credential.json' with { type: 'json' }
import accreditation from '../../../schemas/lso-issuer-accreditation-credential.json' with { type: 'json' }
import legalEntity from '../../../schemas/lso-legal-entity-credential.json' with { type: 'json' }
import openapi from '../../../schemas/openapi.json' with { type: 'json' }
import { version } from '../../../package.json'
import type { InstanceId } from '../../domain/instance/instance.ts'
import type { AppEnv } from '../app-env.ts'
import { docsPage } from '../output/docs-page.ts'
import { answer, document } from '../output/json.ts'
import { problem } from '../output/problem.ts'

const SCHEMAS: ReadonlyMap<string, object> = new Map<string, object>([
  ['lso-legal-entity-credential', legalEntity],
  ['lso-issuer-accreditation-credential', accreditation],
  ['lso-delegation-credential', delegation],
])

const CONTEXTS: ReadonlyMap<string, object> = new Map([['lso-v1', lsoContext]])

/** A name that no instance can have: asking for it asks the storage and nothing else. */
const NOBODY = '' as InstanceId

/** What tells callers what is here and how it is. */
export const housekeeping = new Hono<AppEnv>()
  .get('/health', async (c) => {
    await c.var.ports.directory.has('issuer', NOBODY)
    return answer(c, { status: 'ok', version, storage: 'ok' })
  })
  .get('/openapi.json', (c) => {
    const body = JSON.stringify({
      ...openapi,
      info: { ...openapi.info, version },
      servers: [{ url: c.var.ports.publicUrl }],
    })
    return document(c, body, { cache: 'release', contentType: 'application/json' })
  })
  .get('/docs', (c) =>
    document(
      c,
      docsPage(openapi, version),
      {
        cache: 'release',
        contentType: 'text/html; charset=utf-8',
      },
      { 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'" },
    ),
  )
  .get('/schemas/:name', (c) => {
    const schema = SCHEMAS.get(c.req.param('name'))
    if (schema === undefined) return problem(c, 'not_found')
    const $id = `${c.var.ports.publicUrl}/schemas/${c.req.param('name')}`
    const body = JSON.stringify({ ...schema, $id })
    return document(c, body, { cache: 'release', contentType: 'application/schema+json' })
  })
  .get('/contexts/:name', (c) => {
    const context = CONTEXTS.get(c.req.param('name'))
    if (context === undefined) return problem(c, 'not_found')
    return document(c, JSON.stringify(context), {
      cache: 'release',
      contentType: 'application/ld+json',
    })
  })
