import { describe, expect, it } from 'vitest'
import type { RegisteredClient } from '../../src/domain/registration/registered-client.ts'
import { dateTimeStamp, later } from '../../src/domain/time.ts'
import { registeredClientView } from '../../src/http/output/registered-client.ts'
import { PUBLIC_KEYS } from '../support/public-keys.ts'
import { aClient } from '../support/registered-clients.ts'
import { NOW } from '../support/world.ts'

const DID = 'did:web:client.example'
const ENDS = later(NOW, 60)

const viewed = (seconds: number, change: Partial<RegisteredClient> = {}) => {
  const key = { did: DID, kid: `${DID}#key-1`, jwk: PUBLIC_KEYS.Ed25519 }
  const { status, reason, since } = registeredClientView(
    aClient(key, { validUntil: ENDS, ...change }),
    later(NOW, seconds),
  )
  return { status, reason, since }
}

describe('registeredClientView', () => {
  it('S9: is active to the last second of its decision', () => {
    expect(viewed(59)).toEqual({ status: 'active', reason: undefined, since: dateTimeStamp(NOW) })
  })

  it.each(['active', 'degraded', 'unknown'] as const)(
    'S9: is suspended once its decision has ended, and not with the next look: %s',
    (status) => {
      expect(viewed(60, { status })).toEqual({
        status: 'suspended',
        reason: 'registration_expired',
        since: dateTimeStamp(ENDS),
      })
    },
  )

  it.each([
    { status: 'revoked', reason: 'revoked' },
    { status: 'suspended', reason: 'suspended' },
  ] as const)('S9: stays $status, for the reason that it has', (change) => {
    expect(viewed(60, change)).toEqual({ ...change, since: dateTimeStamp(NOW) })
  })
})
