import {
  createTrustClient,
  type CreatedInstance,
  type IssuedCredential,
  type SecuredCredential,
  type VerifierClient,
} from '../../src/client/index.ts'
import { fapiBuyers, type FapiBuyer } from './fapi-buyers.ts'
import { legalEntity } from '../../scripts/example-legal-entity.ts'
import { startTestService } from './service.ts'

/** The service on plain workerd, a registrar, a seller's verifier for `audience`, and buyers with credentials. */
export async function aSellerDeployment(audience: string) {
  const hosted = await fapiBuyers()
  const service = await startTestService({ DID_WEB_LOCAL_HOSTS: hosted.host, RATE_LIMIT: '0' })
  const { url } = service
  const { admin } = createTrustClient({ url, token: service.adminToken })
  const registrar: CreatedInstance = await admin.createIssuer({
    id: 'registrar',
    name: 'Example Registrar',
    keys: ['dev-ed25519'],
  })
  const seller: CreatedInstance = await admin.createVerifier({
    id: 'seller',
    name: 'Example Seller',
    audience,
    keys: ['dev-p256'],
    policy: { anchors: [{ did: registrar.did, types: ['LsoLegalEntityCredential'] }] },
  })
  const issuer = createTrustClient({ url, token: registrar.token }).issuer('registrar')
  const issued = new Map<string, IssuedCredential>()
  for (const { did } of Object.values(hosted.buyers))
    issued.set(did, await issuer.issue({ credential: legalEntity(did) }))
  const of = ({ did }: FapiBuyer): IssuedCredential => {
    const found = issued.get(did)
    if (found === undefined) throw new Error('no credential was issued')
    return found
  }
  const verifier: VerifierClient = createTrustClient({ url, token: seller.token }).verifier(
    'seller',
  )
  return {
    service,
    seller,
    verifier,
    buyers: hosted.buyers,
    credentialOf: (buyer: FapiBuyer): SecuredCredential => of(buyer).verifiableCredential,
    /** A presentation of the buyer's own credential for the verifier. */
    presented: (buyer: FapiBuyer): Promise<string> =>
      buyer.present({ url, verifier: 'seller', audience }, [of(buyer).verifiableCredential]),
    revoke: async (buyer: FapiBuyer): Promise<void> => {
      const credentialId = of(buyer).url
      await issuer.changeStatus({ credentialId, statusPurpose: 'revocation', status: true })
    },
    stop: async () => {
      await service.stop()
      hosted.stop()
    },
  }
}

export type SellerDeployment = Awaited<ReturnType<typeof aSellerDeployment>>
