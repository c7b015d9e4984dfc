import type { Did } from '../did/did.ts'
import type { Fault } from '../fault.ts'
import * as json from '../json/decode.ts'
import { isJsonObject, type Json, type JsonObject } from '../json/strict-json.ts'
import {
  MAX_REDIRECT_URIS,
  MAX_SCOPE_CHARACTERS,
  MAX_TEXT_CHARACTERS,
  MAX_URL_CHARACTERS,
} from '../limits.ts'
import { ok, type Result } from '../result.ts'
import { CLIENT_PROFILES, GRANT_TYPES } from './registered-client.ts'

const shortText = json.text(MAX_TEXT_CHARACTERS)
const yes = json.where((value) => value === true, 'true')

/**
 * The metadata that a client may ask for (RFC 7591 §2), and no other (row A17): what is not known here
 * would be a wish that silently does not hold. There is no URL among them that anybody would fetch
 * (row A18), and no key: those of the DID document count.
 */
const MEMBERS = {
  client_id: json.optional<Did>(json.did),
  client_name: json.optional(shortText),
  redirect_uris: json.optional(json.list(json.text(MAX_URL_CHARACTERS), 1, MAX_REDIRECT_URIS)),
  scope: json.optional(json.text(MAX_SCOPE_CHARACTERS)),
  grant_types: json.optional(json.list(json.oneOf(...GRANT_TYPES), 1, GRANT_TYPES.length)),
  response_types: json.optional(json.list(json.oneOf('code', 'code id_token'), 1, 2)),
  token_endpoint_auth_method: json.optional(json.oneOf('private_key_jwt')),
  token_endpoint_auth_signing_alg: json.optional(json.oneOf('EdDSA', 'Ed25519', 'ES256', 'PS256')),
  require_signed_request_object: json.optional(yes),
  require_pushed_authorization_requests: json.optional(json.boolean),
  dpop_bound_access_tokens: json.optional(json.boolean),
  software_id: json.optional(shortText),
  software_version: json.optional(shortText),
  profile: json.optional(json.oneOf(...CLIENT_PROFILES)),
}

const METADATA = json.object(MEMBERS)

/** Claims that make a token a software statement; `client_id` stands in other tokens too. */
export const METADATA_CLAIMS: readonly string[] = [
  'jwks',
  'jwks_uri',
  ...Object.keys(MEMBERS).filter((name) => name !== 'client_id'),
]

/** What a client asks for; absent: whatever it may have. */
export type RequestedMetadata = Partial<
  typeof METADATA extends json.Decoder<infer Value> ? Value : never
>

/** Reads `client_metadata`; every fault is listed. Absent: nothing in particular is asked for. */
export const readMetadata = (
  asked: Json | undefined,
): Result<RequestedMetadata, readonly Fault[]> =>
  asked === undefined ? ok({}) : json.decode(METADATA, asked)

/**
 * The metadata in the claims of a software statement. Its other claims are its issuer's business, and its
 * `jwks` is nobody's (row A16).
 */
export const metadataInStatement = (
  claims: JsonObject,
): Result<RequestedMetadata, readonly Fault[]> =>
  json.decode(
    METADATA,
    Object.fromEntries(Object.entries(claims).filter(([name]) => Object.hasOwn(MEMBERS, name))),
  )

/** RFC 7591 §2.3: what the statement says wins. */
export const joined = (
  outer: RequestedMetadata,
  statement: RequestedMetadata | undefined,
): RequestedMetadata => ({ ...outer, ...statement })

/** The `software_id` that a caller names beside a statement, as it stands. */
export const softwareIdOf = (metadata: Json | undefined): Json | undefined =>
  isJsonObject(metadata) ? metadata['software_id'] : undefined
