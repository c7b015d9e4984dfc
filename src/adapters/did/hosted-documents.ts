import { instanceDocument } from '../../domain/instance/did-document.ts'
import { hostedInstance } from '../../domain/instance/instance.ts'
import type { HostedDocuments } from '../../ports/hosted-documents.ts'
import type { IssuerStore } from '../../ports/issuer-store.ts'
import type { Signer } from '../../ports/signer.ts'
import type { VerifierStore } from '../../ports/verifier-store.ts'

/** Documents of this deployment's issuers and verifiers, made from their records. */
export function hostedDocuments(
  publicUrl: string,
  stores: { readonly issuers: IssuerStore; readonly verifiers: VerifierStore },
  signer: Signer,
): HostedDocuments {
  const keys = new Map(signer.keys.map(({ kid, publicKeyJwk }) => [kid, publicKeyJwk]))
  const ownHost = `did:web:${new URL(publicUrl).host.replace(':', '%3A')}`
  return {
    hosts: (did) => did === ownHost || did.startsWith(`${ownHost}:`),
    async documentOf(did) {
      const named = hostedInstance(publicUrl, did)
      if (named === undefined) return undefined
      const stored =
        named.kind === 'issuer'
          ? await stores.issuers.find(named.id)
          : await stores.verifiers.find(named.id)
      // An instance with an external DID has its document elsewhere.
      return stored?.instance.did === did ? instanceDocument(stored.instance, keys) : undefined
    },
  }
}
