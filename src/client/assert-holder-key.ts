import { utf8 } from './base64url.ts'
import type { CallOptions } from './call-options.ts'
import { holderOf, type HolderSigner } from './holder-signer.ts'
import { verifiedBy } from './signature.ts'
import type { TrustClient } from './trust-client.ts'
import { TrustError } from './trust-error.ts'

/**
 * Signs a few bytes and holds them against the DID document as the service resolves it: says before
 * anything is presented that a key was not published, or is another one. Throws
 * `holder_key_not_listed`, and whatever resolving the DID throws (`did_not_found`, or
 * `did_document_invalid` for a did.json of the wrong media type).
 *
 * @example
 * const trust = createTrustClient({ url })
 * await assertHolderKey(trust, signer)
 * const stranger = webCryptoSigner(signer.kid, (await crypto.subtle.generateKey({ name: 'Ed25519' }, false, ['sign', 'verify'])).privateKey)
 * const reason = await assertHolderKey(trust, stranger).catch(({ reason }) => reason)
 * reason // → 'holder_key_not_listed'
 */
export async function assertHolderKey(
  trust: Pick<TrustClient, 'clientKeys'>,
  signer: HolderSigner,
  options?: CallOptions,
): Promise<void> {
  const { keys } = await trust.clientKeys(holderOf(signer), options)
  const [key] = keys.filter(({ kid }) => kid === signer.kid)
  const signature = await signer.sign(PROBE)
  const fits =
    key === undefined ? false : await verifiedBy(key, signer.alg, PROBE, new Uint8Array(signature))
  if (fits !== true) throw new TrustError('holder_key_not_listed')
}

/** Without a dot in it, so that it can be no part of a token. */
const PROBE = utf8('lso-trust: is this the key of the DID document?')
