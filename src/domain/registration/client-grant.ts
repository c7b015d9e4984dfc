import type { RegisteredClient } from './registered-client.ts'

/** What a client is given when it is accepted, before anything is stored. */
export type ClientGrant = Pick<
  RegisteredClient,
  | 'clientId'
  | 'keys'
  | 'redirectUris'
  | 'profile'
  | 'tokenEndpointAuthSigningAlg'
  | 'grantTypes'
  | 'scopes'
  | 'legalEntity'
  | 'roles'
  | 'interfaces'
  | 'validUntil'
>
