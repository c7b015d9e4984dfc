import { createList } from '@digitalbazaar/vc-bitstring-status-list'
import { StatusList } from '@sd-jwt/jwt-status-list'
import { describe, expect, it } from 'vitest'
import { utf8 } from '../../src/domain/base64url.ts'
import type { JsonObject } from '../../src/domain/json/strict-json.ts'
import { dateTimeStamp } from '../../src/domain/time.ts'
import { verificationContext } from '../../src/use-cases/verification-context.ts'
import { verifyCredential } from '../../src/use-cases/verify-credential.ts'
import { fakeFetch } from '../support/fake-fetch.ts'
import { aForeignIssuer, bitstringList, tokenList } from '../support/foreign-issuer.ts'
import { aWorld, NOW, VCDM2 } from '../support/world.ts'

/*
 * Lists packed by programs that share no code with this one, read by it: every entry as its writer set it.
 */

const INDEXES = [0, 1, 7, 8, 9, 4_095, 65_536, 131_070, 131_071]

async function aReader() {
  const fetch = fakeFetch()
  const world = await aWorld({ fetch })
  const issuer = await aForeignIssuer(fetch, 'issuer.example')
  return {
    issuer,
    serve: (token: string, mediaType: string) =>
      fetch.answers.set(issuer.listUrl, { bytes: utf8(token), mediaType }),
    /** The code that a credential with this status gets. */
    codeFor: async (status: JsonObject) => {
      const credential = {
        '@context': [VCDM2],
        id: 'https://issuer.example/credentials/1',
        type: ['VerifiableCredential', 'ExampleCredential'],
        issuer: issuer.did,
        validFrom: dateTimeStamp(NOW),
        credentialSubject: { id: world.buyer.did },
        ...status,
      }
      const token = await issuer.sign({ typ: 'vc+jwt', cty: 'vc' }, credential)
      const context = await verificationContext(world.ports, world.seller)
      const { checks } = await verifyCredential(world.ports, token, context)
      return checks.find(({ check }) => check === 'status')?.code
    },
  }
}

describe('lists of other writers', () => {
  it('S4: reads a bitstring of @digitalbazaar/vc-bitstring-status-list', async () => {
    const set = INDEXES.filter((_, at) => at % 2 === 0)
    const list = await createList({ length: 131_072 })
    for (const index of set) list.setStatus(index, true)
    const { issuer, serve, codeFor } = await aReader()
    const payload = await bitstringList(issuer, { subject: { encodedList: await list.encode() } })
    serve(await issuer.sign({ typ: 'vc+jwt', cty: 'vc' }, payload), 'application/vc+jwt')
    for (const index of INDEXES) {
      const credentialStatus = {
        type: 'BitstringStatusListEntry',
        statusPurpose: 'revocation',
        statusListIndex: String(index),
        statusListCredential: issuer.listUrl,
      }
      expect(await codeFor({ credentialStatus })).toBe(set.includes(index) ? 'revoked' : undefined)
    }
  })

  it.each([1, 2, 4, 8] as const)(
    'S4: reads a list of @sd-jwt/jwt-status-list, %i bits',
    async (bits) => {
      const statuses = Array.from({ length: 64 }, (_, at) => at % Math.min(2 ** bits, 4))
      const lst = new StatusList(statuses, bits).compressStatusList()
      const { issuer, serve, codeFor } = await aReader()
      const payload = await tokenList(issuer, Uint8Array.of(0), bits, {
        status_list: { bits, lst },
      })
      serve(await issuer.sign({ typ: 'statuslist+jwt' }, payload), 'application/statuslist+jwt')
      const codes = [undefined, 'revoked', 'suspended', 'status_value_unknown']
      for (const [idx, status] of statuses.entries()) {
        const found = await codeFor({ status: { status_list: { idx, uri: issuer.listUrl } } })
        expect([idx, found]).toEqual([idx, codes[status]])
      }
    },
  )
})
