import { platformCompression } from '../../src/adapters/system/compression.ts'
import { createSigner } from '../../src/adapters/jose/signer.ts'
import { readSigningKeys } from '../../src/adapters/jose/signing-keys.ts'
import { encodeBase64url } from '../../src/domain/base64url.ts'
import type { JsonObject } from '../../src/domain/json/strict-json.ts'
import { STATUS_LIST_ENTRIES } from '../../src/domain/limits.ts'
import { dateTimeStamp, later, type EpochSeconds } from '../../src/domain/time.ts'
import type { FakeFetch } from './fake-fetch.ts'
import { generateKey } from './generated-keys.ts'
import { NOW, VCDM2, type Party } from './world.ts'

/** Somebody with a did:web and lists at its host; its document is served by the given fetch. */
export interface ForeignIssuer extends Party {
  readonly listUrl: string
  /** As `sign`, with a key of the document that stands under `authentication` alone. */
  signOtherwise(header: JsonObject, payload: JsonObject): Promise<string>
}

export async function aForeignIssuer(fetch: FakeFetch, host: string): Promise<ForeignIssuer> {
  const did = `did:web:${host}`
  const keys = await Promise.all(
    ['key-1', 'login'].map(async (kid) => ({ kid, ...(await generateKey('EdDSA')) })),
  )
  const read = readSigningKeys(
    JSON.stringify({ keys: keys.map(({ kid, privateJwk }) => ({ ...privateJwk, kid })) }),
  )
  if (!read.ok) throw new Error(read.refusal.fault)
  const signer = createSigner(read.value)
  const json = {
    '@context': ['https://www.w3.org/ns/did/v1'],
    id: did,
    verificationMethod: keys.map(({ kid, jwk }) => ({
      id: `${did}#${kid}`,
      type: 'JsonWebKey',
      controller: did,
      publicKeyJwk: { ...jwk },
    })),
    assertionMethod: [`${did}#key-1`],
    authentication: [`${did}#login`],
  }
  fetch.answers.set(`https://${host}/.well-known/did.json`, { json })
  const kid = `${did}#key-1`
  return {
    did,
    kid,
    listUrl: `https://${host}/lists/1`,
    sign: (header, payload) => signer.sign('key-1', { kid, ...header }, payload),
    signOtherwise: (header, payload) =>
      signer.sign('login', { kid: `${did}#login`, ...header }, payload),
  }
}

/** Bits of a Bitstring list, the first entry in the most significant bit; written apart from the code under test. */
export function bitstringOf(entries: number, set: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(entries / 8)
  for (const index of set) {
    const byte = (index - (index % 8)) / 8
    bytes[byte] = (bytes[byte] ?? 0) + 2 ** (7 - (index % 8))
  }
  return bytes
}

const gzipped = async (bytes: Uint8Array) => encodeBase64url(await platformCompression.gzip(bytes))

/** What a list says unless a test wants it otherwise. */
export interface WantedList {
  readonly at?: EpochSeconds
  readonly set?: readonly number[]
  readonly purpose?: string | readonly string[]
  readonly ttl?: number
  readonly change?: JsonObject
  readonly subject?: JsonObject
}

/** The payload of a Bitstring Status List credential without fault. */
export async function bitstringList(
  { did, listUrl }: ForeignIssuer,
  { at = NOW, set = [], purpose = 'revocation', ttl = 60_000, change, subject }: WantedList = {},
): Promise<JsonObject> {
  return {
    '@context': [VCDM2],
    id: listUrl,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer: did,
    validFrom: dateTimeStamp(at),
    validUntil: dateTimeStamp(later(at, 3_600)),
    credentialSubject: {
      id: `${listUrl}#list`,
      type: 'BitstringStatusList',
      statusPurpose: purpose,
      encodedList: `u${await gzipped(bitstringOf(STATUS_LIST_ENTRIES, set))}`,
      ttl,
      ...subject,
    },
    ...change,
  }
}

/** The payload of a StatusList2021 credential, of VCDM 1.1, without fault. */
export async function list2021(
  { did, listUrl }: ForeignIssuer,
  { at = NOW, set = [], purpose = 'revocation', change, subject }: WantedList = {},
): Promise<JsonObject> {
  return {
    iss: did,
    jti: listUrl,
    nbf: at,
    iat: at,
    exp: at + 3_600,
    vc: {
      '@context': [
        'https://www.w3.org/2018/credentials/v1',
        'https://w3id.org/vc/status-list/2021/v1',
      ],
      id: listUrl,
      type: ['VerifiableCredential', 'StatusList2021Credential'],
      issuer: did,
      issuanceDate: dateTimeStamp(at),
      credentialSubject: {
        type: 'StatusList2021',
        statusPurpose: purpose,
        encodedList: await gzipped(bitstringOf(STATUS_LIST_ENTRIES, set)),
        ...subject,
      },
    },
    ...change,
  }
}

/** The payload of a Token Status List without fault: `statuses` are whole bytes of it. */
export async function tokenList(
  { listUrl }: ForeignIssuer,
  statuses: Uint8Array,
  bits: number,
  change: JsonObject = {},
): Promise<JsonObject> {
  return {
    sub: listUrl,
    iat: NOW,
    exp: NOW + 3_600,
    ttl: 60,
    status_list: { bits, lst: encodeBase64url(await platformCompression.zlib(statuses)) },
    ...change,
  }
}
