import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'

/**
 * What an authorization server does with a decision that was handed to it: with `jose`, the keys that it
 * keeps of the verifier, and nobody to ask. Throws when anything of it is not as it must be.
 */
export async function verifiedOffline(
  decisionJwt: string,
  keys: JSONWebKeySet,
  { issuer, audience }: { readonly issuer: string; readonly audience: string },
) {
  const { payload } = await jwtVerify(decisionJwt, createLocalJWKSet(keys), {
    typ: 'lso-decision+jwt',
    algorithms: ['EdDSA', 'ES256', 'PS256'],
    issuer,
    audience,
    requiredClaims: ['sub', 'iat', 'exp', 'jti', 'evidence_digest', 'client'],
  })
  return payload
}
