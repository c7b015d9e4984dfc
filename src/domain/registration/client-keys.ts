import type { ClientKey } from '../client/client-view.ts'
import { signatureAlgorithm, type SignatureAlgorithm, type SignatureAlgorithmName } from '../jwk.ts'

/** What clients sign with (rule F6): a key of another algorithm is not pinned. */
const PROFILE_ALGS: readonly SignatureAlgorithm[] = ['EdDSA', 'ES256', 'PS256']

/**
 * The keys of a DID document that authenticate its client: those of the profile, and of `alg` alone where
 * the client registered for that. The same at every look, so that no key counts later that did not at first.
 */
export const clientKeys = (
  keys: readonly ClientKey[],
  alg: SignatureAlgorithmName | undefined,
): readonly ClientKey[] =>
  keys.filter(
    (key) =>
      PROFILE_ALGS.includes(key.alg) && (alg === undefined || key.alg === signatureAlgorithm(alg)),
  )
