import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import type { JwsPurpose } from '../../src/domain/jws-purpose.ts'
import { PUBLIC_KEYS } from './public-keys.ts'

/** Base64url of a text, as it stands between the dots of a compact JWS. */
export const part = (text: string): string => encodeBase64url(utf8(text))

/** 64 bytes that are nobody's signature. */
export const SIGNATURE = encodeBase64url(new Uint8Array(64).fill(7))

/** A compact JWS of these parts; the texts are taken as they are, JSON or not. */
export const compactOf = (header: string, payload: string): string =>
  `${part(header)}.${part(payload)}.${SIGNATURE}`

/** The same token with claims in the place of its payload; a text that is no three parts as it is. */
export const withClaims = (compact: string): string =>
  compact.replace(/^([^.]*)\.[^.]*\.([^.]*)$/, `$1.${part('{}')}.$2`)

type Members = Readonly<Record<string, unknown>>

/** As `compactOf`; a member that is `undefined` is left out. */
export const compactJws = (header: Members, payload: Members): string =>
  compactOf(JSON.stringify(header), JSON.stringify(payload))

const kid = 'did:web:issuer.example#key-1'
const claims = { iss: 'did:web:issuer.example' }

/** For every purpose a header and a payload that the gate accepts. */
export const GOOD: Readonly<
  Record<JwsPurpose, { readonly header: Members; readonly payload: Members }>
> = {
  'credential-vcdm2': { header: { alg: 'EdDSA', kid, typ: 'vc+jwt', cty: 'vc' }, payload: claims },
  'credential-vcdm1': {
    header: { alg: 'EdDSA', kid, typ: 'JWT' },
    payload: { ...claims, vc: { type: ['VerifiableCredential'] } },
  },
  'presentation-vcdm2': {
    header: { alg: 'EdDSA', kid, typ: 'vp+jwt', cty: 'vp' },
    payload: claims,
  },
  'presentation-vcdm1': {
    header: { alg: 'EdDSA', kid, typ: 'JWT' },
    payload: { ...claims, vp: { type: ['VerifiablePresentation'] } },
  },
  'token-status-list': { header: { alg: 'EdDSA', kid, typ: 'statuslist+jwt' }, payload: claims },
  'software-statement': { header: { alg: 'EdDSA', kid, typ: 'JWT' }, payload: claims },
  'request-object': { header: { alg: 'EdDSA', kid, typ: 'oauth-authz-req+jwt' }, payload: claims },
  'client-assertion': { header: { alg: 'EdDSA', kid, typ: 'JWT' }, payload: claims },
  'dpop-proof': {
    header: { alg: 'ES256', typ: 'dpop+jwt', jwk: PUBLIC_KEYS['P-256'] },
    payload: { htm: 'POST', htu: 'https://as.example/token' },
  },
  'client-decision': { header: { alg: 'EdDSA', kid, typ: 'lso-decision+jwt' }, payload: claims },
  'archive-seal': { header: { alg: 'EdDSA', kid, typ: 'lso-archive+jwt' }, payload: claims },
  'decision-receipt': { header: { alg: 'EdDSA', kid, typ: 'lso-receipt+jwt' }, payload: claims },
}
