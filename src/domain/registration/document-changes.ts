import { clientView, type ClientKey } from '../client/client-view.ts'
import type { DidDocument } from '../did/did-document.ts'
import { canonicalJson } from '../json/canonical.ts'
import type { Json } from '../json/strict-json.ts'
import { sameKey, type SignatureAlgorithmName } from '../jwk.ts'
import type { EpochSeconds } from '../time.ts'
import { clientKeys } from './client-keys.ts'

/** What a document says that a registration rests on. */
export interface DocumentFacts {
  /** Authentication keys that count. */
  readonly keys: readonly ClientKey[]
  /** https service endpoints, as written. */
  readonly redirectUris: readonly string[]
  readonly services: readonly { readonly id: string; readonly endpoint: Json }[]
}

export const DOCUMENT_CHANGES = [
  'key_added',
  'key_removed',
  'key_replaced',
  'redirect_host_added',
  'redirect_host_removed',
  'redirect_uri_added',
  'redirect_uri_removed',
  'service_added',
  'service_removed',
  'service_changed',
  'document_changed',
] as const

/** One thing that differs between two documents of a DID. */
export interface DocumentChange {
  readonly change: (typeof DOCUMENT_CHANGES)[number]
  /** The key, host, URI or service; the digest of the document where nothing of these differs. */
  readonly subject: string
}

/** What counts of a document for a client that registered for `alg`, or for none in particular. */
export function documentFacts(
  document: DidDocument,
  now: EpochSeconds,
  alg: SignatureAlgorithmName | undefined,
): DocumentFacts {
  const { keys: all, redirectUris } = clientView(document, now)
  const keys = clientKeys(all, alg)
  const services = document.services.map(({ id, serviceEndpoint }) => ({
    id,
    endpoint: serviceEndpoint,
  }))
  return { keys, redirectUris, services }
}

/** Host and port of a redirect URI, in small letters. */
export const redirectHost = (uri: string): string => new URL(uri).host

/** What is different in `after`; `digest` names a document of which none of this differs. */
export function documentChanges(
  before: DocumentFacts,
  after: DocumentFacts,
  digest: string,
): readonly DocumentChange[] {
  const changes = [
    ...keyChanges(before.keys, after.keys),
    ...setChanges('redirect_host', hostsOf(before), hostsOf(after)),
    ...setChanges('redirect_uri', before.redirectUris, after.redirectUris),
    ...setChanges('service', ids(before), ids(after)),
    ...before.services.flatMap(({ id, endpoint }): readonly DocumentChange[] => {
      const other = after.services.find((one) => one.id === id)
      return other === undefined || canonicalJson(other.endpoint) === canonicalJson(endpoint)
        ? []
        : [{ change: 'service_changed', subject: id }]
    }),
  ]
  return changes.length > 0 ? changes : [{ change: 'document_changed', subject: digest }]
}

const ids = ({ services }: DocumentFacts): readonly string[] => services.map(({ id }) => id)

export const hostsOf = ({
  redirectUris,
}: Pick<DocumentFacts, 'redirectUris'>): readonly string[] => [
  ...new Set(redirectUris.map(redirectHost)),
]

function keyChanges(
  before: readonly ClientKey[],
  after: readonly ClientKey[],
): readonly DocumentChange[] {
  const added = after.flatMap(({ kid, jwk }): readonly DocumentChange[] => {
    const old = before.find((one) => one.kid === kid)
    if (old === undefined) return [{ change: 'key_added', subject: kid }]
    return sameKey(old.jwk, jwk) ? [] : [{ change: 'key_replaced', subject: kid }]
  })
  const removed = before
    .filter(({ kid }) => !after.some((one) => one.kid === kid))
    .map(({ kid }): DocumentChange => ({ change: 'key_removed', subject: kid }))
  return [...added, ...removed]
}

function setChanges(
  what: 'redirect_host' | 'redirect_uri' | 'service',
  before: readonly string[],
  after: readonly string[],
): readonly DocumentChange[] {
  const added = after.filter((one) => !before.includes(one))
  const removed = before.filter((one) => !after.includes(one))
  return [
    ...added.map((subject): DocumentChange => ({ change: `${what}_added`, subject })),
    ...removed.map((subject): DocumentChange => ({ change: `${what}_removed`, subject })),
  ]
}
