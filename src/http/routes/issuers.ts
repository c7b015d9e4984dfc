import { Hono, type Context } from 'hono'
import { credentialUrl } from '../../domain/credential/draft.ts'
import { envelopedCredential } from '../../domain/credential/enveloped.ts'
import * as json from '../../domain/json/decode.ts'
import {
  FUTURE_SKEW_SECONDS,
  MAX_TEXT_CHARACTERS,
  MAX_URL_CHARACTERS,
  PAST_LIST_REQUESTS,
} from '../../domain/limits.ts'
import { STATUS_PURPOSES } from '../../domain/status-list/status.ts'
import type { EpochSeconds } from '../../domain/time.ts'
import { aggregateStatusLists } from '../../use-cases/aggregate-status-lists.ts'
import { changeCredentialStatus } from '../../use-cases/change-credential-status.ts'
import { issuerDocument } from '../../use-cases/issuer-document.ts'
import { issueCredential } from '../../use-cases/issue-credential.ts'
import { publishStatusList } from '../../use-cases/publish-status-list.ts'
import type { AppEnv } from '../app-env.ts'
import { accepted } from '../input/accept.ts'
import { readCommand } from '../input/command.ts'
import { ISSUE, issueCommand } from '../input/issue-command.ts'
import { readListTime } from '../input/list-time.ts'
import { issuerOf } from '../input/path-instance.ts'
import { queryJson } from '../input/query.ts'
import { asIssuer, bearerToken } from '../middleware/authorization.ts'
import { auditPage, auditVerification } from '../output/audit.ts'
import { refusedFor } from '../middleware/public-access.ts'
import { bodyRefusal } from '../output/body-refusal.ts'
import {
  issueRefusal,
  MEDIA_TYPE_OF,
  listRefusal,
  publicView,
  securedCredential,
  statusRefusal,
} from '../output/credential.ts'
import { answer, document } from '../output/json.ts'
import { listing } from '../output/listing.ts'
import { problem } from '../output/problem.ts'

const url = json.text(MAX_URL_CHARACTERS)

const STATUS = json.object({
  credentialId: url,
  credentialStatus: json.object({
    type: json.oneOf('BitstringStatusListEntry'),
    statusPurpose: json.oneOf(...STATUS_PURPOSES),
    id: json.optional(url),
    statusListIndex: json.optional(url),
    statusListCredential: json.optional(url),
  }),
  status: json.boolean,
  reason: json.optional(json.text(MAX_TEXT_CHARACTERS)),
  indexAllocator: json.optional(url),
})

const FILTER = json.object({
  subject: json.optional(json.text(MAX_URL_CHARACTERS)),
  type: json.optional(json.text(MAX_TEXT_CHARACTERS)),
  status: json.optional(json.oneOf('active', 'suspended', 'revoked')),
  key: json.optional(json.text(MAX_TEXT_CHARACTERS)),
  cursor: json.optional(url),
  limit: json.optional(url),
})

/** What only the issuer itself may do. */
export const issuers = new Hono<AppEnv>()
  .post(
    '/:id/credentials/issue',
    asIssuer(async (c, issuer) => {
      const read = await readCommand(c, ISSUE, `issuer ${issuer.id}`)
      if (!read.ok) return bodyRefusal(c, read.refusal)
      const { command, change } = read.value
      const ports = c.get('ports')
      const wanted = issueCommand(command)
      const issued = await issueCredential(ports, issuer, wanted, change)
      if (!issued.ok) return issueRefusal(c, issued.refusal)
      const { cid } = issued.value.stored
      return answer(c, { verifiableCredential: securedCredential(issued.value) }, 201, {
        Location: credentialUrl(ports.publicUrl, issuer.id, cid),
      })
    }),
  )
  .post(
    '/:id/credentials/status',
    asIssuer(async (c, issuer) => {
      const read = await readCommand(c, STATUS, `issuer ${issuer.id}`)
      if (!read.ok) return bodyRefusal(c, read.refusal)
      const { command, change } = read.value
      const { credentialId, credentialStatus, status, reason } = command
      const wanted = {
        credentialId,
        purpose: credentialStatus.statusPurpose,
        entry: {
          id: credentialStatus.id,
          statusListIndex: credentialStatus.statusListIndex,
          statusListCredential: credentialStatus.statusListCredential,
        },
        status,
        ...(reason === undefined ? {} : { reason }),
      }
      const changed = await changeCredentialStatus(c.var.ports, issuer, wanted, change)
      if (!changed.ok) return statusRefusal(c, changed.refusal)
      return answer(c, { credentialId, status: changed.value })
    }),
  )
  .get(
    '/:id/credentials',
    asIssuer(async (c, issuer) => {
      const filter = json.decode(FILTER, queryJson(c.req.queries()))
      if (!filter.ok) return problem(c, 'request_invalid', { errors: filter.refusal })
      const { issuers: store, publicUrl } = c.var.ports
      const { subject, type, status, key } = filter.value
      return listing(
        c,
        'number',
        (page) => store.credentials(issuer.id, { subject, type, status, key }, page),
        (stored) => publicView(publicUrl, issuer, stored),
      )
    }),
  )
  .get(
    '/:id/audit',
    asIssuer((c, { id }) => auditPage(c, c.var.ports.issuers, id)),
  )
  .get(
    '/:id/audit/verify',
    asIssuer((c, { id }) => auditVerification(c, c.var.ports.issuers, id)),
  )

/** What everybody may read of an issuer. */
export const publicIssuers = new Hono<AppEnv>()
  .get('/:id/did.json', async (c) => {
    const issuer = await issuerOf(c)
    if (issuer === undefined) return problem(c, 'not_found')
    const body = JSON.stringify(await issuerDocument(c.var.ports, issuer))
    return document(c, body, { cache: 'minute', contentType: 'application/did+json' })
  })
  .get('/:id/credentials/:cid', async (c) => {
    const issuer = await issuerOf(c)
    const { ports } = c.var
    const stored = issuer && (await ports.issuers.credential(issuer.id, c.req.param('cid')))
    if (issuer === undefined || stored?.token === undefined) return problem(c, 'not_found')
    if (bearerToken(c) !== undefined) {
      const { token, format } = stored
      // For its owner, not for pages of any origin.
      c.set('standingHeaders', undefined)
      return asIssuer(() =>
        document(c, token, { cache: 'private', contentType: MEDIA_TYPE_OF[format] }),
      )(c)
    }
    const body = JSON.stringify(publicView(ports.publicUrl, issuer, stored))
    const kind = { cache: 'fresh', contentType: 'application/json' } as const
    return document(c, body, kind, { Vary: 'Authorization' })
  })
  .get('/:id/status-lists', async (c) => {
    const issuer = await issuerOf(c)
    if (issuer === undefined) return problem(c, 'not_found')
    const status_lists = await aggregateStatusLists(c.var.ports, issuer)
    const body = JSON.stringify({ status_lists })
    return document(c, body, { cache: 'minute', contentType: 'application/json' })
  })
  .get('/:id/status-lists/:listId', async (c) => {
    const time = readListTime(c.req.queries())
    if (!time.ok) return problem(c, 'request_invalid', { errors: time.refusal })
    const at = time.value
    const issuer = await issuerOf(c)
    if (issuer === undefined) return problem(c, 'not_found')
    const offer = accepted(c.req.header('Accept'), [
      'application/vc+jwt',
      'application/statuslist+jwt',
      'application/json',
      'application/ld+json',
    ])
    if (offer === undefined) return problem(c, 'not_acceptable')
    const refused = at === undefined ? undefined : refusedFor(c, PAST_LIST_REQUESTS - 1)
    if (refused !== undefined) return refused
    const { mediaType } = offer
    const form = mediaType === 'application/statuslist+jwt' ? 'statuslist+jwt' : 'vc+jwt'
    const published = await publishStatusList(c.var.ports, issuer, c.req.param('listId'), form, at)
    if (!published.ok) return listRefusal(c, published.refusal)
    const token = published.value
    const isJson = mediaType === 'application/json' || mediaType === 'application/ld+json'
    return document(
      c,
      isJson ? JSON.stringify(envelopedCredential(token)) : token,
      { cache: at !== undefined && isSettled(c, at) ? 'past' : 'minute', contentType: mediaType },
      { Vary: 'Accept' },
    )
  })

/** Nothing can be added to a moment that is further back than clocks differ (row H19). */
const isSettled = (c: Context<AppEnv>, at: EpochSeconds): boolean =>
  at + FUTURE_SKEW_SECONDS < c.var.ports.clock.now()
