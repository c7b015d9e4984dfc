import type { ClientKey } from '../client/client-view.ts'
import { DECISION_KINDS } from '../evidence/evidence.ts'
import { OBSERVATION } from '../evidence/observation.ts'
import type { Fault } from '../fault.ts'
import { isInstanceId, type InstanceId, type Verifier } from '../instance/instance.ts'
import * as json from '../json/decode.ts'
import type { Json } from '../json/strict-json.ts'
import {
  publicJwk,
  SIGNATURE_ALGORITHMS,
  type PublicJwk,
  type SignatureAlgorithmName,
} from '../jwk.ts'
import { MAX_INSTANCE_KEYS } from '../limits.ts'
import { CLIENT_ASPECTS, type ClientChange } from '../registration/client-change.ts'
import type { ClientFollowing, DocumentSnapshot } from '../registration/client-following.ts'
import type { SettledState } from '../registration/client-standing.ts'
import {
  DOCUMENT_CHANGES,
  type DocumentChange,
  type DocumentFacts,
} from '../registration/document-changes.ts'
import { HOLD_STATES, type RedirectHold } from '../registration/redirect-holds.ts'
import {
  CLIENT_PROFILES,
  GRANT_TYPES,
  type LegalEntitySummary,
  type RegisteredClient,
} from '../registration/registered-client.ts'
import { refuse, type Result } from '../result.ts'
import { POLICY, withDefaults, type TrustPolicy } from '../trust/policy.ts'
import {
  ARCHIVE_FORMAT,
  anyText,
  AUDIT_ROW,
  KEY,
  kindOf,
  number,
  shortText,
  time,
  url,
  writtenKeys,
  type ArchiveHeader,
} from './read-archive-line.ts'
import {
  VERIFIER_ARCHIVE_KINDS,
  type DecisionRow,
  type VerifierArchiveKind,
  type VerifierArchiveRow,
} from './verifier-archive-row.ts'

/** A verifier as an export writes it: what seals its challenges stays behind. */
export type ExportedVerifier = Omit<Verifier, 'challengeSecret'>

const NO_END = Number.MAX_SAFE_INTEGER
const all = <Value>(item: json.Decoder<Value>) => json.list(item, 0, NO_END)
const texts = all(anyText)
const maybeText = json.optional(anyText)
const anything: json.Decoder<Json> = json.where((_): _ is Json => true, 'JSON')
const count = json.wholeNumber(0, NO_END)

/** All members of a type, each with its decoder. */
type Decoders<Value> = { readonly [Name in keyof Value]-?: json.Decoder<Value[Name]> }
const record = <Value>(decoders: Decoders<Value>): json.Decoder<Value> =>
  json.object(decoders) as json.Decoder<Value>

const jwk: json.Decoder<PublicJwk> = json.where(
  (value): value is PublicJwk & Json => publicJwk(value).ok,
  'a public key',
)
const KEYS = all(record<ClientKey>({ kid: anyText, alg: json.oneOf(...SIGNATURE_ALGORITHMS), jwk }))
const CLIENT_STATUS = json.oneOf('active', 'suspended', 'revoked', 'degraded', 'unknown')

const CLIENT = record<Required<RegisteredClient>>({
  clientId: json.did,
  keys: KEYS,
  redirectUris: texts,
  profile: json.oneOf(...CLIENT_PROFILES),
  tokenEndpointAuthSigningAlg: json.optional(
    json.oneOf(...SIGNATURE_ALGORITHMS, 'Ed25519'),
  ) as json.Decoder<SignatureAlgorithmName>,
  grantTypes: json.optional(all(json.oneOf(...GRANT_TYPES))) as json.Decoder<
    Required<RegisteredClient>['grantTypes']
  >,
  scopes: texts,
  legalEntity: record<LegalEntitySummary>({
    legalName: anyText,
    country: maybeText,
    credentialId: maybeText,
    issuer: json.did,
  }),
  roles: texts,
  interfaces: texts,
  status: CLIENT_STATUS,
  reason: maybeText,
  since: time,
  evaluatedAt: time,
  decisionId: anyText,
  validUntil: time,
  registeredAt: time,
})

const FOLLOWING = record<ClientFollowing>({
  clientId: json.did,
  decisionId: anyText,
  credentials: all(anything),
  settled: record<SettledState>({
    status: json.oneOf('active', 'suspended', 'revoked'),
    reason: maybeText,
    since: time,
    at: time,
  }),
  policyVersion: count,
  own: all(OBSERVATION),
  evidenceAt: time,
  freshUntil: time,
  terms: json.optional(json.object({ hosts: texts, leftOut: texts })),
  digest: maybeText,
  facts: json.optional(
    record<DocumentFacts>({
      keys: KEYS,
      redirectUris: texts,
      services: all(json.object({ id: anyText, endpoint: anything })),
    }),
  ),
})

const HOLD = record<RedirectHold>({
  id: shortText,
  clientId: json.did,
  decisionId: anyText,
  host: anyText,
  redirectUris: texts,
  digest: anyText,
  state: json.oneOf(...HOLD_STATES),
  seenAt: time,
  decided: json.optional(json.object({ at: time, actor: anyText })),
})

const SNAPSHOT = record<DocumentSnapshot>({
  clientId: json.did,
  digest: anyText,
  seenAt: time,
  document: anyText,
  changes: all(
    record<DocumentChange>({ change: json.oneOf(...DOCUMENT_CHANGES), subject: anyText }),
  ),
})

const CHANGE = record<ClientChange>({
  sequence: number,
  clientId: json.did,
  changed: all(json.oneOf(...CLIENT_ASPECTS)),
  status: CLIENT_STATUS,
  reason: maybeText,
  at: time,
})

const DECISION = record<DecisionRow['decision']>({
  id: shortText,
  kind: json.oneOf(...DECISION_KINDS),
  at: time,
  subject: maybeText,
  verdict: json.oneOf('valid', 'invalid', 'indeterminate'),
  trust: json.oneOf('trusted', 'untrusted', 'not_evaluated'),
  policyVersion: count,
  digest: shortText,
  evidence: anyText,
  receipt: anyText,
})

const wholePolicy: json.Decoder<TrustPolicy> = (value, pointer, faults) => {
  const before = faults.length
  const read = POLICY(value, pointer, faults)
  return faults.length > before || typeof read === 'symbol'
    ? withDefaults(undefined)
    : withDefaults(read)
}

const ROWS: {
  readonly [Kind in VerifierArchiveKind]: json.Decoder<VerifierArchiveRow & { kind: Kind }>
} = {
  policy: json.object({
    kind: json.oneOf('policy'),
    version: number,
    policy: wholePolicy,
    at: time,
    actor: anyText,
  }),
  client: json.object({ kind: json.oneOf('client'), sequence: number, client: CLIENT }),
  client_following: json.object({
    kind: json.oneOf('client_following'),
    revision: number,
    following: FOLLOWING,
  }),
  client_hold: json.object({ kind: json.oneOf('client_hold'), sequence: number, hold: HOLD }),
  client_snapshot: json.object({
    kind: json.oneOf('client_snapshot'),
    sequence: number,
    snapshot: SNAPSHOT,
  }),
  decision: json.object({ kind: json.oneOf('decision'), sequence: number, decision: DECISION }),
  client_change: json.object({ kind: json.oneOf('client_change'), change: CHANGE }),
  audit: AUDIT_ROW,
}

const HEADER = json.object({
  kind: json.oneOf('header'),
  format: json.wholeNumber(ARCHIVE_FORMAT, ARCHIVE_FORMAT),
  verifier: json.object({
    id: json.where((value): value is InstanceId => isInstanceId(value), 'the name of a verifier'),
    name: shortText,
    did: json.did,
    keys: json.list(KEY, 0, MAX_INSTANCE_KEYS),
    audience: url,
    createdAt: time,
    retiredAt: json.optional(time),
  }),
  publicKeys: json.anyObject,
  at: time,
})

/** Reads the first line of a verifier's export. */
export function readVerifierHeader(
  line: Json,
): Result<ArchiveHeader<ExportedVerifier>, readonly Fault[]> {
  const header = json.decode(HEADER, line)
  if (!header.ok) return header
  const { verifier, publicKeys, at } = header.value
  const { retiredAt, keys, ...rest } = verifier
  const instance = {
    ...rest,
    keys: writtenKeys(keys),
    ...(retiredAt === undefined ? {} : { retiredAt }),
  }
  return { ok: true, value: { instance, publicKeys, at } }
}

/** Reads a line between header and end. */
export function readVerifierRow(line: Json): Result<VerifierArchiveRow, readonly Fault[]> {
  const kind = kindOf(line)
  const known = VERIFIER_ARCHIVE_KINDS.find((one) => one === kind)
  if (known === undefined) return refuse([{ pointer: '/kind', detail: 'must be a known kind' }])
  return json.decode<VerifierArchiveRow>(ROWS[known], line)
}
