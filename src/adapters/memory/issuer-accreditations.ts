import type { IssuerAccreditations } from '../../ports/issuer-accreditations.ts'
import { sha256Text } from '../system/sha256.ts'
import type { MemoryInstance } from './instance-store.ts'
import type { Credentials } from './issuer-state.ts'

/** The accreditations of a store in memory. */
export const memoryAccreditations = (
  known: (id: string) => MemoryInstance<unknown, Credentials>,
): IssuerAccreditations => ({
  async putAccreditations(id, tokens, change) {
    const { ledger, rest } = known(id)
    return ledger.apply(change, () => {
      const value = tokens.length
      const before = rest.accreditations
      if (before.length === value && before.every((token, at) => token === tokens[at]))
        return { value }
      rest.accreditations = [...tokens]
      const detail = { digests: tokens.map(sha256Text) }
      return { value, audit: { action: 'accreditations.put', detail } }
    })
  },
  accreditations: async (id) => known(id).rest.accreditations,
})
