import type { Context } from 'hono'
import { encodeBase64url, utf8 } from '../../domain/base64url.ts'
import {
  clientJwk,
  clientView,
  commonAlg,
  type ClientView,
  type Redirection,
} from '../../domain/client/client-view.ts'
import type { DidDocument } from '../../domain/did/did-document.ts'
import { dateTimeStamp } from '../../domain/time.ts'
import type { ResolutionRefusal } from '../../ports/did-resolver.ts'
import type { Ports } from '../../ports/index.ts'
import type { ResolvedClient } from '../../use-cases/resolve-client.ts'
import type { AppEnv } from '../app-env.ts'
import { retryLater } from './did-resolution.ts'
import { problemOf } from './problem.ts'
import type { Rendered } from './rendered.ts'
import { resolutionError } from './resolution-error.ts'
import { respond } from './respond.ts'

interface ClientAnswers {
  readonly view: ClientView
  readonly client: Rendered
  readonly jwks: Rendered
}

/**
 * NOTE: keyed by the object that the resolver keeps, so that an answer lives exactly as long as its
 * document and a hit costs a lookup: no storage, no JSON, no hash.
 */
const answers = new WeakMap<DidDocument, ClientAnswers>()

/** Both bodies about a client, made once per document and per end of a key. */
export function clientAnswers(
  ports: Pick<Ports, 'digest'>,
  resolved: ResolvedClient,
): ClientAnswers {
  const { document } = resolved.resolved
  const known = answers.get(document)
  if (known !== undefined && resolved.now < (known.view.holdsUntil ?? Infinity)) return known
  const made = makeAnswers(ports, resolved)
  answers.set(document, made)
  return made
}

function makeAnswers({ digest }: Pick<Ports, 'digest'>, resolved: ResolvedClient): ClientAnswers {
  const view = clientView(resolved.resolved.document, resolved.now)
  const keys = view.keys.map(clientJwk)
  const tag = (...parts: readonly unknown[]): string =>
    encodeBase64url(digest.sha256(utf8(JSON.stringify(parts))).subarray(0, 16))
  return {
    view,
    client: {
      body: JSON.stringify(clientMetadata(view, keys, resolved)),
      contentType: 'application/json',
      etag: `W/"${tag(resolved.resolved.digest, keys)}"`,
    },
    jwks: {
      body: JSON.stringify({ keys }),
      contentType: 'application/jwk-set+json',
      etag: `"${tag(keys)}"`,
    },
  }
}

/** RFC 7591 §2 names, and `lso` for what they cannot say. */
function clientMetadata(
  view: ClientView,
  keys: readonly object[],
  { resolved }: ResolvedClient,
): object {
  const alg = commonAlg(view.keys)
  const canRedirect = view.redirection === 'possible'
  return {
    client_id: view.clientId,
    client_name: view.clientId,
    jwks: { keys },
    redirect_uris: view.redirectUris,
    token_endpoint_auth_method: 'private_key_jwt',
    ...(alg === undefined ? {} : { token_endpoint_auth_signing_alg: alg }),
    grant_types: canRedirect
      ? ['authorization_code', 'client_credentials']
      : ['client_credentials'],
    response_types: canRedirect ? ['code'] : [],
    lso: {
      can_redirect: canRedirect,
      why: WHY[view.redirection],
      services: view.services.map(({ id, types, redirectUris }) => ({
        id,
        type: types,
        redirect_uris: redirectUris,
      })),
      resolved_at: dateTimeStamp(resolved.retrieved),
      document_digest: resolved.digest,
    },
  }
}

const WHY: Readonly<Record<Redirection, string>> = {
  possible: 'Every https service endpoint of the DID document is a redirect URI (W128 R19).',
  method_has_no_services:
    'A document of this DID method never has services, so that no redirect URI can satisfy W128 R19. Use did:web.',
  no_services:
    'The DID document has no services, and W128 R19 makes the redirect URI one of their endpoints.',
  no_https_endpoint:
    'No service of the DID document has an https endpoint that can be a redirect URI (W128 R19).',
}

/**
 * Why there is nothing to say about a client: an RFC 9457 problem. A foreign document that is bad
 * is 502 here, where the specification's 500 has no place.
 */
export function clientRefusal(c: Context<AppEnv>, refusal: ResolutionRefusal): Response {
  const { requestId, ports } = c.var
  const error =
    refusal.reason === 'did_deactivated'
      ? problemOf(ports.publicUrl, refusal.reason)
      : resolutionError(refusal, ports.publicUrl)
  const status = error.status === 500 ? 502 : error.status
  return respond(c, JSON.stringify({ ...error, status, requestId }), status, {
    ...retryLater(status),
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
  })
}
