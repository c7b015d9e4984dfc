import { checkStatus, decodeList } from '@digitalbazaar/vc-bitstring-status-list'
import { getListFromStatusListJWT } from '@sd-jwt/jwt-status-list'
import { verifyCredential } from 'did-jwt-vc'
import { Resolver, type DIDDocument } from 'did-resolver'
import { decodeProtectedHeader, importJWK, jwtVerify, type JWK, type JWTPayload } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, call, textAt, type Json, type JsonObject } from '../../scripts/demo/http.ts'
import { startTestService, type TestService } from '../support/service.ts'

/*
 * What the service writes, read by programs that share no code with it, over HTTP and from nothing but
 * the documents and lists that it serves.
 */

const KEYS = [
  { alg: 'EdDSA', kid: 'dev-ed25519' },
  { alg: 'ES256', kid: 'dev-p256' },
  { alg: 'PS256', kid: 'dev-rsa' },
] as const

interface TestIssuer {
  readonly alg: string
  readonly id: string
  readonly did: string
  readonly token: string
}

let service: TestService
const issuers: TestIssuer[] = []
const issuerOf = (alg: string): TestIssuer => {
  const found = issuers.find((issuer) => issuer.alg === alg)
  if (found === undefined) throw new Error(`no issuer signs with ${alg}`)
  return found
}

beforeAll(async () => {
  service = await startTestService({ RATE_LIMIT: '0' })
  for (const { alg, kid } of KEYS) {
    const id = kid.replace('dev-', 'registry-')
    const { body } = await call('POST', `${service.url}/admin/issuers`, {
      token: service.adminToken,
      body: { id, name: 'Example Registry', keys: [kid] },
    })
    issuers.push({ alg, id, did: textAt(body, 'did'), token: textAt(body, 'token') })
  }
})
afterAll(() => service.stop())

async function issue(
  { id, token }: TestIssuer,
  options: JsonObject,
  name = `urn:uuid:${crypto.randomUUID()}`,
): Promise<string> {
  const { status, body } = await call('POST', `${service.url}/issuers/${id}/credentials/issue`, {
    token,
    body: {
      credential: {
        id: name,
        type: ['VerifiableCredential'],
        credentialSubject: { id: 'did:web:buyer.example.com', level: 'gold' },
      },
      options,
    },
  })
  if (status !== 201) throw new Error(`issue answered ${String(status)}`)
  const issued = at(body, 'verifiableCredential')
  return typeof issued === 'string' ? issued : (textAt(issued, 'id').split(',')[1] ?? '')
}

async function setStatus(
  { id, token }: TestIssuer,
  credentialId: string,
  statusPurpose: 'revocation' | 'suspension',
  status = true,
): Promise<void> {
  const answer = await call('POST', `${service.url}/issuers/${id}/credentials/status`, {
    token,
    body: {
      credentialId,
      credentialStatus: { type: 'BitstringStatusListEntry', statusPurpose },
      status,
    },
  })
  if (answer.status !== 200) throw new Error(`status answered ${String(answer.status)}`)
}

/** The did:web method of DID Core, over the plain http of loopback. */
async function fetchDocument(did: string): Promise<DIDDocument> {
  const [host = '', ...path] = did.replace('did:web:', '').split(':').map(decodeURIComponent)
  const url = `http://${host}/${path.length === 0 ? '.well-known' : path.join('/')}/did.json`
  return (await (await fetch(url)).json()) as DIDDocument
}

/** Verifies a JWS as the few lines of somebody who has jose and a DID document. */
async function verifiedByJose(token: string, typ: string): Promise<JWTPayload> {
  const { kid = '', alg = '' } = decodeProtectedHeader(token)
  const document = await fetchDocument(kid.split('#')[0] ?? '')
  const method = document.verificationMethod?.find(({ id }) => id === kid)
  if (method === undefined || document.assertionMethod?.includes(kid) !== true) {
    throw new Error('the document does not list the key for assertion')
  }
  const key = await importJWK(method.publicKeyJwk as JWK, alg)
  return (await jwtVerify(token, key, { algorithms: [alg], typ })).payload
}

/** A token with another payload under the signature that it had. */
function altered(token: string): string {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const text = Buffer.from(payload, 'base64url').toString().replace('gold', 'lead')
  return [header, Buffer.from(text).toString('base64url'), signature].join('.')
}

describe('a credential of VCDM 2.0, read by jose and did.json', () => {
  it.each(KEYS)(
    'R2: is verified when it is signed with $alg, and not when altered',
    async (key) => {
      const issuer = issuerOf(key.alg)
      const token = await issue(issuer, { format: 'vc+jwt' })
      expect(decodeProtectedHeader(token)).toMatchObject({ alg: key.alg, typ: 'vc+jwt', cty: 'vc' })
      expect(await verifiedByJose(token, 'vc+jwt')).toMatchObject({
        issuer: issuer.did,
        credentialSubject: { level: 'gold' },
      })
      await expect(verifiedByJose(altered(token), 'vc+jwt')).rejects.toThrow('signature')
    },
  )
})

describe('a credential of VCDM 1.1, read by did-jwt-vc', () => {
  /** did-jwt 8 knows `JsonWebKey` (CID 1.0) by its older name alone. */
  const olderName = (document: DIDDocument): DIDDocument => ({
    ...document,
    verificationMethod: document.verificationMethod?.map((method) => ({
      ...method,
      type: 'JsonWebKey2020',
    })) as NonNullable<DIDDocument['verificationMethod']>,
  })
  const resolver = new Resolver({
    web: async (did) => ({
      didDocument: olderName(await fetchDocument(did)),
      didDocumentMetadata: {},
      didResolutionMetadata: { contentType: 'application/did+json' },
    }),
  })

  it.each(KEYS.filter(({ alg }) => alg !== 'PS256'))(
    'R2: is verified when it is signed with $alg, and not when altered',
    async ({ alg }) => {
      const issuer = issuerOf(alg)
      const token = await issue(issuer, { format: 'jwt_vc' })
      const { verified, verifiableCredential } = await verifyCredential(token, resolver)
      expect(verified).toBe(true)
      expect(verifiableCredential).toMatchObject({
        issuer: { id: issuer.did },
        credentialSubject: { id: 'did:web:buyer.example.com', level: 'gold' },
        credentialStatus: { type: 'BitstringStatusListEntry' },
      })
      await expect(verifyCredential(altered(token), resolver)).rejects.toThrow('signature')
    },
  )

  it('R2: is verified by jose when it is signed with PS256, which did-jwt does not know', async () => {
    const issuer = issuerOf('PS256')
    const token = await issue(issuer, { format: 'jwt_vc' })
    expect(await verifiedByJose(token, 'JWT')).toMatchObject({ iss: issuer.did })
    await expect(verifyCredential(token, resolver)).rejects.toThrow('not_supported')
  })
})

describe('the status lists, read by other implementations', () => {
  const LENGTH = 131_072
  /** Position in the list, by purpose, of every credential of one end. */
  interface Placed {
    readonly end: 'active' | 'suspended' | 'revoked' | 'both' | 'lifted'
    readonly payload: JWTPayload
    readonly places: ReadonlyMap<string, { readonly url: string; readonly index: number }>
  }
  const ENDS = ['active', 'suspended', 'revoked', 'both', 'lifted'] as const
  const placed = new Map<string, readonly Placed[]>()

  beforeAll(async () => {
    for (const issuer of issuers) {
      const all: Placed[] = []
      for (const end of [...ENDS, ...ENDS, ...ENDS]) {
        const name = `urn:uuid:${crypto.randomUUID()}`
        const token = await issue(issuer, { status: ['revocation', 'suspension'] }, name)
        if (end === 'suspended' || end === 'both' || end === 'lifted')
          await setStatus(issuer, name, 'suspension')
        if (end === 'revoked' || end === 'both') await setStatus(issuer, name, 'revocation')
        if (end === 'lifted') await setStatus(issuer, name, 'suspension', false)
        const payload = await verifiedByJose(token, 'vc+jwt')
        const entries = payload['credentialStatus'] as readonly Json[]
        const places = entries.map(
          (entry) =>
            [
              textAt(entry, 'statusPurpose'),
              {
                url: textAt(entry, 'statusListCredential'),
                index: Number(textAt(entry, 'statusListIndex')),
              },
            ] as const,
        )
        all.push({ end, payload, places: new Map(places) })
      }
      placed.set(issuer.alg, all)
    }
  })

  const ofIssuer = (alg: string): readonly Placed[] => placed.get(alg) ?? []
  const listUrl = (alg: string, purpose: string): string =>
    ofIssuer(alg)[0]?.places.get(purpose)?.url ?? ''
  const fetchList = async (url: string, type: 'vc+jwt' | 'statuslist+jwt'): Promise<string> =>
    (await fetch(url, { headers: { Accept: `application/${type}` } })).text()
  const indexes = (alg: string, purpose: string, ends: readonly string[]): readonly number[] =>
    ofIssuer(alg)
      .filter(({ end }) => ends.includes(end))
      .map(({ places }) => places.get(purpose)?.index ?? -1)
      .sort((a, b) => a - b)

  const lists = KEYS.flatMap(({ alg }) =>
    (['revocation', 'suspension'] as const).map((purpose) => ({ alg, purpose })),
  )

  it.each(lists)(
    '@sd-jwt/jwt-status-list reads the $purpose list of $alg to the statuses that were set',
    async ({ alg, purpose }) => {
      const token = await fetchList(listUrl(alg, purpose), 'statuslist+jwt')
      expect(await verifiedByJose(token, 'statuslist+jwt')).toMatchObject({
        sub: listUrl(alg, purpose),
      })
      const list = getListFromStatusListJWT(token)
      expect(list.statusList).toHaveLength(LENGTH)
      const at = (value: number) =>
        list.statusList.flatMap((status, index) => (status === value ? [index] : []))
      expect(at(1)).toEqual(indexes(alg, purpose, ['revoked', 'both']))
      expect(at(2)).toEqual(indexes(alg, purpose, ['suspended']))
      expect(at(0)).toHaveLength(LENGTH - at(1).length - at(2).length)
      expect(at(1)).toHaveLength(6)
    },
  )

  it.each(lists)(
    '@digitalbazaar/vc-bitstring-status-list reads the $purpose list of $alg to the same bits',
    async ({ alg, purpose }) => {
      const token = await fetchList(listUrl(alg, purpose), 'vc+jwt')
      const { credentialSubject } = await verifiedByJose(token, 'vc+jwt')
      const encodedList = textAt(credentialSubject as Json, 'encodedList')
      const list = await decodeList({ encodedList })
      expect(list.length).toBe(LENGTH)
      const set = Array.from({ length: LENGTH }, (_, index) => index).filter((index) =>
        list.getStatus(index),
      )
      expect(set).toEqual(
        indexes(
          alg,
          purpose,
          purpose === 'revocation' ? ['revoked', 'both'] : ['suspended', 'both'],
        ),
      )
      expect(set).toHaveLength(6)
    },
  )

  it.each(KEYS)(
    '@digitalbazaar/vc-bitstring-status-list finds the status of each credential of $alg',
    async ({ alg }) => {
      const documentLoader = async (url: string) => ({
        document: await verifiedByJose(await fetchList(url, 'vc+jwt'), 'vc+jwt'),
      })
      for (const { end, payload } of ofIssuer(alg).slice(0, ENDS.length)) {
        const checked = await checkStatus({
          credential: payload,
          documentLoader,
          // The list is a JWT, which `documentLoader` has verified; this switch means a `proof` member.
          verifyBitstringStatusListCredential: false,
        })
        expect(checked).toMatchObject({ verified: true })
        expect(checked.results?.some(({ status }) => status)).toBe(
          end !== 'active' && end !== 'lifted',
        )
      }
    },
  )
})
