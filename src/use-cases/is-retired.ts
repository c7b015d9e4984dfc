import type { Did } from '../domain/did/did.ts'
import { hostedInstance } from '../domain/instance/instance.ts'
import type { VerificationPorts } from '../ports/verification-ports.ts'

/** Whether this is an issuer of this deployment that is retired: it vouches for nothing any more (row V11). */
export async function isRetired(
  { issuers, publicUrl }: Pick<VerificationPorts, 'issuers' | 'publicUrl'>,
  did: Did,
): Promise<boolean> {
  const hosted = hostedInstance(publicUrl, did)
  if (hosted?.kind !== 'issuer') return false
  return (await issuers.find(hosted.id))?.instance.retiredAt !== undefined
}
