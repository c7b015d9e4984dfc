import { Hono, type Context } from 'hono'
import { parseDid } from '../../domain/did/did.ts'
import * as json from '../../domain/json/decode.ts'
import { MAX_TEXT_CHARACTERS } from '../../domain/limits.ts'
import { dateTimeStamp } from '../../domain/time.ts'
import { mintSoftwareStatement, type MintRefusal } from '../../use-cases/mint-software-statement.ts'
import {
  signStatementStatus,
  statementStatusNow,
} from '../../use-cases/publish-statement-status.ts'
import type { AppEnv } from '../app-env.ts'
import { accepted } from '../input/accept.ts'
import { NO_BODY, readChange } from '../input/change.ts'
import { readCommand } from '../input/command.ts'
import { identifierFromPath } from '../input/identifier-path.ts'
import { verifierOf } from '../input/path-instance.ts'
import { asVerifier } from '../middleware/authorization.ts'
import { bodyRefusal } from '../output/body-refusal.ts'
import { UNSIGNED } from '../output/credential.ts'
import { answer, document } from '../output/json.ts'
import { problem } from '../output/problem.ts'
import { respond } from '../output/respond.ts'

const MINT = json.object({ audience: json.text(MAX_TEXT_CHARACTERS) })

/** Statements that a verifier signs about its clients, for servers that know nothing of credentials. */
export const softwareStatements = new Hono<AppEnv>()
  .post(
    '/:id/clients/:client_id/software-statements',
    asVerifier(async (c, verifier) => {
      const { ports } = c.var
      if (verifier.retiredAt !== undefined) return problem(c, 'instance_retired')
      const prefix = `/verifiers/${verifier.id}/clients/`
      const named = identifierFromPath(c.req.url, prefix, '/software-statements')
      const clientId = parseDid(named?.text ?? '')
      if (!clientId.ok) return problem(c, 'not_found')
      const read = await readCommand(c, MINT, `verifier ${verifier.id}`)
      if (!read.ok) return bodyRefusal(c, read.refusal)
      const { command, change } = read.value
      const wish = { clientId: clientId.value, audience: command.audience }
      const minted = await mintSoftwareStatement(ports, verifier, wish, change)
      if (!minted.ok) return mintRefusal(c, minted.refusal)
      const { token, jti, expiresAt } = minted.value
      const body201 = { software_statement: token, jti, expiresAt: dateTimeStamp(expiresAt) }
      return answer(c, body201, 201)
    }),
  )
  .delete(
    '/:id/software-statements/:jti',
    asVerifier(async (c, { id }) => {
      const { ports } = c.var
      const change = readChange(ports, c.req.raw, NO_BODY, `verifier ${id}`)
      if (!change.ok) return problem(c, change.refusal.reason)
      const jti = c.req.param('jti') ?? ''
      const revoked = await ports.verifiers.revokeStatement(id, jti, change.value)
      if (!revoked.ok) return problem(c, revoked.refusal.reason)
      return revoked.value.value === 'not_found'
        ? problem(c, 'not_found')
        : respond(c, null, 204, { 'Cache-Control': 'no-store' })
    }),
  )

/** How a statement stands: for whoever was shown it. */
export const publicSoftwareStatements = new Hono<AppEnv>().get(
  '/:id/software-statements/:jti',
  async (c) => {
    const { ports } = c.var
    const form = accepted(c.req.header('Accept'), [
      'application/statuslist+jwt',
      'application/json',
    ])
    if (form === undefined) return problem(c, 'not_acceptable')
    const verifier = await verifierOf(c)
    const now = verifier && (await statementStatusNow(ports, verifier, c.req.param('jti')))
    if (verifier === undefined || now === undefined) return problem(c, 'not_found')
    const kind = { cache: 'fresh', contentType: form.mediaType } as const
    const vary = { Vary: 'Accept' }
    if (form.mediaType === 'application/json') {
      const { statement, status } = now
      const view = { jti: statement.jti, status, expiresAt: dateTimeStamp(statement.expiresAt) }
      return document(c, JSON.stringify(view), kind, vary)
    }
    const signed = await signStatementStatus(ports, verifier, now)
    return signed.ok
      ? document(c, signed.value, kind, vary)
      : problem(c, signed.refusal.reason, UNSIGNED)
  },
)

function mintRefusal(c: Context<AppEnv>, refusal: MintRefusal): Response {
  switch (refusal.reason) {
    case 'client_not_active':
      return problem(c, refusal.reason, {
        detail: `The status of the client is ${refusal.status}; GET …/status says why`,
      })
    case 'verifier_without_keys':
      return problem(c, refusal.reason, {
        detail: 'This verifier has no key to sign statements with: its operator must name one',
      })
    case 'signing_key_missing':
      return problem(c, refusal.reason, UNSIGNED)
    default:
      return problem(c, refusal.reason)
  }
}
