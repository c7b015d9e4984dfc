import { expect, it } from 'vitest'
import type { JsonObject } from '../../src/domain/json/strict-json.ts'
import { aWorld } from '../support/world.ts'

const [page = ''] = Object.values(
  import.meta.glob<string>('../../docs/credentials.md', {
    eager: true,
    import: 'default',
    query: '?raw',
  }),
)
const credentials = [...page.matchAll(/^```json\n([^]*?)^```$/gm)].map(
  ([, text = '']) => JSON.parse(text) as JsonObject,
)

it('docs/credentials.md has one of each kind', () => {
  const types = credentials.map(({ type }) => (type as readonly string[])[1])
  expect(types).toEqual([
    'LsoLegalEntityCredential',
    'LsoIssuerAccreditationCredential',
    'LsoDelegationCredential',
    'MembershipCredential',
  ])
})

it.each(credentials.map((credential) => ({ credential, type: credential['type'] })))(
  'R5: $type of docs/credentials.md is issued in both formats',
  async ({ credential }) => {
    const { issue } = await aWorld()
    for (const format of ['vc+jwt', 'jwt_vc'] as const) {
      expect((await issue({ credential, format })).stored.status).toBe('active')
    }
  },
)
