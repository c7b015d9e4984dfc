import type { InstanceId } from '../domain/instance/instance.ts'
import type { Applied, Change } from './change.ts'

/** What an issuer's store keeps of the accreditations that others gave to the issuer. */
export interface IssuerAccreditations {
  /** The whole set, each a compact JWS; the former set is forgotten. Answers how many there are now. */
  putAccreditations(
    id: InstanceId,
    tokens: readonly string[],
    change: Change,
  ): Promise<Applied<number>>
  /** In the order in which they were put; empty for an issuer that was given none, or never created. */
  accreditations(id: InstanceId): Promise<readonly string[]>
}
