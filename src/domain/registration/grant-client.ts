import type { ClientKey, ClientView } from '../client/client-view.ts'
import type { Fault } from '../fault.ts'
import { canonicalJson } from '../json/canonical.ts'
import { MAX_CLIENT_METADATA_CHARACTERS } from '../limits.ts'
import type { EpochSeconds } from '../time.ts'
import { failed, notApplicable, passed, type Check } from '../verification/check.ts'
import { FINDINGS } from '../verification/findings.ts'
import type { ClientGrant } from './client-grant.ts'
import { clientKeys } from './client-keys.ts'
import { hostsOf, redirectHost } from './document-changes.ts'
import { clientMetadata } from './client-metadata.ts'
import { entitledScopes, type Entitlement } from './client-scopes.ts'
import type { ClientProfile, GrantType, LegalEntitySummary } from './registered-client.ts'
import type { RequestedMetadata } from './requested-metadata.ts'

/** Whom the credentials say that the client is. */
export interface AcceptedEntity extends Entitlement {
  readonly legalEntity: LegalEntitySummary
  readonly validUntil: EpochSeconds
}

const MAY_REDIRECT: readonly GrantType[] = ['authorization_code', 'implicit', 'refresh_token']

/**
 * What the client gets of what it asks for (rules R16–R22, row V16): keys and redirect URIs out of its DID
 * document, scopes out of its credentials. Asking for more than there is, is refused, not cut down.
 * `accepted` are the redirect hosts of a client that is known already: it gets no other, and `held` are
 * the URIs of others that it asks for. `grant` is there when no check fails.
 */
export function grantClient(
  view: ClientView,
  entity: AcceptedEntity,
  asked: RequestedMetadata,
  accepted: readonly string[] | undefined,
): {
  readonly checks: readonly Check[]
  readonly grant: ClientGrant | undefined
  readonly held: readonly string[]
} {
  const profile = profileOf(asked)
  const entitled = entitledScopes(entity)
  const { token_endpoint_auth_signing_alg: alg } = asked
  const keys = clientKeys(view.keys, alg)
  const faults = metadataFaults(view, asked, profile, keys)
  const redirect = redirection(view, asked, profile, accepted)
  const scopes = asked.scope === undefined ? entitled : asked.scope.split(' ')
  const excess = scopes.filter((scope) => !entitled.includes(scope))
  const grant: ClientGrant = {
    clientId: view.clientId,
    keys,
    redirectUris: redirect.uris,
    profile,
    ...(alg === undefined ? {} : { tokenEndpointAuthSigningAlg: alg }),
    ...(asked.grant_types === undefined ? {} : { grantTypes: [...new Set(asked.grant_types)] }),
    scopes,
    legalEntity: entity.legalEntity,
    roles: entity.roles,
    interfaces: entity.interfaces,
    validUntil: entity.validUntil,
  }
  const size = canonicalJson(clientMetadata(grant)).length
  const checks = [
    faults.length > 0
      ? failed('client_metadata', 'client_metadata_invalid', {
          rule: 'R16',
          evidence: faults.map((fault) => ({ ...fault })),
        })
      : size > MAX_CLIENT_METADATA_CHARACTERS
        ? failed('client_metadata', 'client_metadata_too_large', {
            evidence: { characters: size, most: MAX_CLIENT_METADATA_CHARACTERS },
          })
        : passed('client_metadata', { rule: 'R16', evidence: { profile } }),
    ...redirect.checks,
    excess.length > 0
      ? failed('scope', 'scope_not_granted', { rule: 'R22', evidence: { entitled } })
      : passed('scope', { rule: 'R22' }),
  ]
  return {
    checks,
    grant: checks.some(({ outcome }) => outcome === 'fail') ? undefined : grant,
    held: redirect.held,
  }
}

/** By its name, or by the response type that only one profile has. */
const profileOf = ({ profile, response_types: types = [] }: RequestedMetadata): ClientProfile =>
  profile ?? (types.includes('code id_token') ? 'meflso' : 'fapi2')

function metadataFaults(
  { clientId }: ClientView,
  asked: RequestedMetadata,
  profile: ClientProfile,
  keys: readonly ClientKey[],
): readonly Fault[] {
  const { grant_types: grants = [], response_types: types = [] } = asked
  const hybrid = profile === 'meflso'
  const faults: readonly (readonly [pointer: string, broken: boolean, detail: string])[] = [
    [
      '/client_id',
      asked.client_id !== undefined && asked.client_id !== clientId,
      'must be the DID that presents itself',
    ],
    [
      '/token_endpoint_auth_signing_alg',
      keys.length === 0,
      'must be the algorithm of a key under authentication',
    ],
    [
      '/response_types',
      types.includes('code id_token') && !hybrid,
      'may only be code in the profile fapi2',
    ],
    ['/grant_types', grants.includes('implicit') && !hybrid, 'have no implicit in profile fapi2'],
    [
      '/grant_types',
      asked.grant_types !== undefined && types.length > 0 && !grants.includes('authorization_code'),
      'must name authorization_code where there are response_types',
    ],
    [
      '/require_pushed_authorization_requests',
      (asked.require_pushed_authorization_requests ?? !hybrid) === hybrid,
      `must be ${String(!hybrid)} in the profile ${profile}`,
    ],
    [
      '/dpop_bound_access_tokens',
      (asked.dpop_bound_access_tokens ?? !hybrid) === hybrid,
      `must be ${String(!hybrid)} in the profile ${profile}`,
    ],
  ]
  return faults.flatMap(([pointer, broken, detail]) => (broken ? [{ pointer, detail }] : []))
}

interface Redirection {
  readonly uris: readonly string[]
  /** Asked for, and on hosts that are not accepted. */
  readonly held: readonly string[]
  readonly checks: readonly Check[]
}

/** What of the redirection is for hosts that are accepted; the rest is held (row V16). */
function redirection(
  view: ClientView,
  asked: RequestedMetadata,
  profile: ClientProfile,
  accepted: readonly string[] | undefined,
): Redirection {
  const { uris, check } = askedRedirection(view, asked, profile)
  const held = uris.filter((uri) => accepted?.includes(redirectHost(uri)) === false)
  if (held.length === 0) return { uris, held, checks: [check] }
  const code = 'redirect_host_held'
  const evidence = { hosts: hostsOf({ redirectUris: held }) }
  const counted = uris.filter((uri) => !held.includes(uri))
  if (counted.length === 0)
    return { uris: [], held, checks: [failed(check.check, code, { rule: 'R19', evidence })] }
  const told = notApplicable('redirect_hosts', { rule: 'R19', evidence })
  return { uris: counted, held, checks: [check, { ...told, code, hint: FINDINGS[code] }] }
}

/**
 * All https endpoints of the document, or those that are asked for. The profile `meflso`, and whoever asks
 * for a code, cannot do without one; a client of `fapi2` that asks for neither gets tokens of its own.
 */
function askedRedirection(
  view: ClientView,
  asked: RequestedMetadata,
  profile: ClientProfile,
): { readonly uris: readonly string[]; readonly check: Check } {
  const rule = 'R19'
  const check = 'redirect_uris'
  const { redirect_uris: wanted, grant_types: grants, response_types: types = [] } = asked
  const redirected = grants?.some((grant) => MAY_REDIRECT.includes(grant))
  const strange = (wanted ?? []).flatMap((uri, at) => (view.redirectUris.includes(uri) ? [] : [at]))
  if (strange.length > 0)
    return {
      uris: [],
      check: failed(check, 'redirect_uri_not_in_document', { rule, evidence: { at: strange } }),
    }
  const needs = profile === 'meflso' || redirected === true || types.length > 0
  const uris = [...new Set(wanted ?? (redirected === false ? [] : view.redirectUris))]
  if (uris.length > 0) return { uris, check: passed(check, { rule }) }
  const evidence = { why: view.redirection }
  if (needs || view.redirection === 'possible')
    return needs
      ? { uris, check: failed(check, 'redirect_uri_impossible', { rule, evidence }) }
      : { uris, check: notApplicable(check, { rule }) }
  const code = 'redirect_uri_impossible'
  const told = { ...notApplicable(check, { rule, evidence }), code, hint: FINDINGS[code] } as const
  return { uris, check: told }
}
