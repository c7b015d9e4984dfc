import type { SignatureAlgorithm } from './jwk.ts'

/** What the header and the payload of one kind of token must look like. */
export interface JwsRules {
  /** Allowed `typ`, lower case and without `application/`; `undefined` allows its absence. */
  readonly typ: readonly (string | undefined)[]
  /** The only `cty` allowed; every other one promises a nested token, which no purpose has (J10). */
  readonly cty: 'vc' | 'vp' | undefined
  readonly algs: readonly SignatureAlgorithm[]
  /** What names the key: a `kid`, or the `jwk` in the header, which only a DPoP proof has (J5). */
  readonly key: 'kid' | 'jwk'
  /** A claim without which the token is of another kind, and claims that make it one (J12). */
  readonly claims: {
    readonly required: 'vc' | 'vp' | undefined
    readonly forbidden: readonly string[]
  }
}

/** Rule F6: what clients and holders sign with. */
const PROFILE = ['EdDSA', 'ES256', 'PS256'] as const
/** Issuers may also use P-384. */
const CREDENTIAL = [...PROFILE, 'ES384'] as const

const NO_CREDENTIAL = { required: undefined, forbidden: ['vc', 'vp'] } as const

/**
 * Every kind of token that passes the gate. Explicit types come from VC-JOSE-COSE §3, Token Status
 * List §5.1, RFC 9101 §10.8, RFC 9449 §4.2 and draft-ietf-oauth-rfc7523bis; `JWT` or no type at all
 * is allowed where the older specification of the token leaves it open.
 */
export const JWS_PURPOSES = {
  'credential-vcdm2': {
    typ: ['vc+jwt'],
    cty: 'vc',
    algs: CREDENTIAL,
    key: 'kid',
    claims: NO_CREDENTIAL,
  },
  'credential-vcdm1': {
    typ: ['jwt', undefined],
    cty: undefined,
    algs: CREDENTIAL,
    key: 'kid',
    claims: { required: 'vc', forbidden: ['vp'] },
  },
  'presentation-vcdm2': {
    typ: ['vp+jwt'],
    cty: 'vp',
    algs: PROFILE,
    key: 'kid',
    claims: NO_CREDENTIAL,
  },
  'presentation-vcdm1': {
    typ: ['jwt', undefined],
    cty: undefined,
    algs: PROFILE,
    key: 'kid',
    claims: { required: 'vp', forbidden: ['vc'] },
  },
  'token-status-list': {
    typ: ['statuslist+jwt'],
    cty: undefined,
    algs: CREDENTIAL,
    key: 'kid',
    claims: NO_CREDENTIAL,
  },
  'software-statement': {
    typ: ['software-statement+jwt', 'jwt', undefined],
    cty: undefined,
    algs: PROFILE,
    key: 'kid',
    claims: NO_CREDENTIAL,
  },
  'request-object': {
    typ: ['oauth-authz-req+jwt', 'jwt', undefined],
    cty: undefined,
    algs: PROFILE,
    key: 'kid',
    claims: NO_CREDENTIAL,
  },
  'client-assertion': {
    typ: ['client-authentication+jwt', 'jwt', undefined],
    cty: undefined,
    algs: PROFILE,
    key: 'kid',
    claims: NO_CREDENTIAL,
  },
  'dpop-proof': {
    typ: ['dpop+jwt'],
    cty: undefined,
    algs: PROFILE,
    key: 'jwk',
    claims: NO_CREDENTIAL,
  },
  'decision-receipt': {
    typ: ['lso-receipt+jwt'],
    cty: undefined,
    algs: CREDENTIAL,
    key: 'kid',
    claims: NO_CREDENTIAL,
  },
  'client-decision': {
    typ: ['lso-decision+jwt'],
    cty: undefined,
    algs: CREDENTIAL,
    key: 'kid',
    claims: NO_CREDENTIAL,
  },
  'archive-seal': {
    typ: ['lso-archive+jwt'],
    cty: undefined,
    algs: CREDENTIAL,
    key: 'kid',
    claims: NO_CREDENTIAL,
  },
} as const satisfies Readonly<Record<string, JwsRules>>

export type JwsPurpose = keyof typeof JWS_PURPOSES
