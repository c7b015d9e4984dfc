import { describe, expect, it } from 'vitest'
import { memoryAdapter } from '../../examples/oidc-provider/memory-adapter.ts'

/* What stands in for a database in examples/oidc-provider does what a database must. */

const fulfilled = async (calls: readonly Promise<void>[]): Promise<number> =>
  (await Promise.allSettled(calls)).filter(({ status }) => status === 'fulfilled').length
const ten = <Made>(make: () => Made): readonly Made[] => Array.from({ length: 10 }, make)

describe('memoryAdapter', () => {
  it('F8: lets one of many simultaneous callers consume a code, and nobody what is not there', async () => {
    const codes = memoryAdapter('AuthorizationCode')
    await codes.upsert('code-1', { grantId: 'g1' })
    expect(await fulfilled(ten(() => codes.consume('code-1')))).toBe(1)
    expect(await codes.find('code-1')).toMatchObject({ consumed: expect.any(Number) as number })
    expect(await fulfilled(ten(() => codes.consume('code-2')))).toBe(0)
  })

  it('A7: takes a jti once, and anything else as often as it changes', async () => {
    const [seen, sessions] = [memoryAdapter('ReplayDetection'), memoryAdapter('Session')]
    expect(await fulfilled(ten(() => seen.upsert('jti-1', {})))).toBe(1)
    expect(await fulfilled(ten(() => sessions.upsert('session-1', {})))).toBe(10)
  })

  it('forgets all that is of one grant', async () => {
    const codes = memoryAdapter('AuthorizationCode')
    await codes.upsert('code-3', { grantId: 'g3' })
    await codes.upsert('code-4', { grantId: 'g4' })
    await codes.revokeByGrantId('g3')
    expect([await codes.find('code-3'), await codes.find('code-4')]).toEqual([
      undefined,
      { grantId: 'g4' },
    ])
  })
})
