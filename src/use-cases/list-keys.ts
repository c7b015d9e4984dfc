import type { Issuer } from '../domain/instance/instance.ts'
import { keyStandings, signingKey, type KeyStanding } from '../domain/instance/key-schedule.ts'
import type { Ports } from '../ports/index.ts'

type Needs = Pick<Ports, 'clock' | 'issuers' | 'signer'>

export interface ListedKey extends KeyStanding {
  /** False when the operator has taken it out of `SIGNING_KEYS`: then no document can list it. */
  readonly configured: boolean
  readonly liveCredentials: number
}

/** Every key that an issuer has and had, and how it stands now. */
export async function listKeys(
  { clock, issuers, signer }: Needs,
  { id, createdAt }: Issuer,
): Promise<readonly ListedKey[]> {
  const now = clock.now()
  const holdings = await issuers.keyHoldings(id)
  const signing = signingKey(holdings, signer.keys, now)?.kid
  return Promise.all(
    keyStandings(holdings, createdAt, signing, now).map(async (standing) => {
      const { kid } = standing.key
      const configured = signer.keys.some((key) => key.kid === kid)
      const liveCredentials = await issuers.liveCredentials(id, kid, now)
      return { ...standing, configured, liveCredentials }
    }),
  )
}
