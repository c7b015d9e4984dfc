import type { InstanceId, Issuer } from '../domain/instance/instance.ts'
import type { Ports } from './index.ts'
import type { IssuerStore } from './issuer-store.ts'

/** An issuer of this deployment, as far as a verification looks at it. */
export type HostedIssuer = Pick<Issuer, 'id' | 'did' | 'retiredAt'> & Partial<Pick<Issuer, 'keys'>>

/** What a verification asks about the issuers of this deployment, and no more. */
export interface HostedIssuers extends Pick<IssuerStore, 'accreditations' | 'statusAt'> {
  /** `undefined` when it was never created. */
  find(id: InstanceId): Promise<{ readonly instance: HostedIssuer } | undefined>
}

/** The ports as verification sees them: few enough that a record of them can stand in for all. */
export type VerificationPorts = Omit<Ports, 'issuers'> & { readonly issuers: HostedIssuers }
