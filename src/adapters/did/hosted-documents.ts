import { instanceDocument } from '../../domain/instance/did-document.ts'
import { hostedInstance, ownHostDid, type Issuer } from '../../domain/instance/instance.ts'
import { issuerServices } from '../../domain/instance/issuer-services.ts'
import { anyReplaced, listedKeys } from '../../domain/instance/key-schedule.ts'
import type { Clock } from '../../ports/clock.ts'
import type { HostedDocuments } from '../../ports/hosted-documents.ts'
import type { IssuerStore } from '../../ports/issuer-store.ts'
import type { Signer } from '../../ports/signer.ts'
import type { VerifierStore } from '../../ports/verifier-store.ts'

/**
 * Documents of this deployment's issuers and verifiers, made from their records as they are stored: the
 * resolver keeps what it gets, and a copy of a copy would let a removed key live twice as long (G16).
 */
export function hostedDocuments(
  publicUrl: string,
  stores: {
    readonly issuers: Pick<IssuerStore, 'find' | 'keyHoldings'>
    readonly verifiers: Pick<VerifierStore, 'find'>
  },
  signer: Signer,
  clock: Clock,
): HostedDocuments {
  const keys = new Map(signer.keys.map(({ kid, publicKeyJwk }) => [kid, publicKeyJwk]))
  const ownHost = ownHostDid(publicUrl)
  return {
    hosts: (did) => did === ownHost || did.startsWith(`${ownHost}:`),
    async documentOf(did) {
      const named = hostedInstance(publicUrl, did)
      if (named === undefined) return undefined
      if (named.kind === 'issuer') {
        const instance = await issuer(named.id)
        if (instance?.did !== did) return undefined
        return { ...instanceDocument(instance, keys), service: issuerServices(publicUrl, instance) }
      }
      const instance = (await stores.verifiers.find(named.id))?.instance
      // An instance with an external DID has its document elsewhere.
      return instance?.did === did ? instanceDocument(instance, keys) : undefined
    },
  }

  /** With the keys that its document lists now. */
  async function issuer(id: Issuer['id']): Promise<Issuer | undefined> {
    const stored = await stores.issuers.find(id)
    if (stored === undefined) return undefined
    const now = clock.now()
    const { instance } = stored
    const holdings = anyReplaced(instance.keys, now)
      ? await stores.issuers.keyHoldings(id)
      : { keys: instance.keys, lastExpiries: [] }
    return { ...instance, keys: listedKeys(holdings, now) }
  }
}
