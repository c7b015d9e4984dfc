import { parseDid, type Did } from '../../src/domain/did/did.ts'
import type { DidDocument } from '../../src/domain/did/did-document.ts'
import type { KeyArithmetic } from '../../src/domain/did/method-key.ts'
import { parseDidDocument } from '../../src/domain/did/parse-did-document.ts'
import type { JsonObject } from '../../src/domain/json/strict-json.ts'
import { epochSeconds } from '../../src/domain/time.ts'
import { PUBLIC_KEYS } from './public-keys.ts'

/** 2026-11-22T00:00:00Z. */
export const NOW = epochSeconds(1_795_305_600)

export const DID = didOf('did:web:client.example')
export const KEY_1 = `${DID}#key-1`

/** Takes every key for sound and reads no Multikey: what domain tests need of arithmetic. */
export const NO_ARITHMETIC: KeyArithmetic = { multikey: () => undefined, faultOf: () => undefined }

/** A DID that a test knows to be one. */
export function didOf(text: string): Did {
  const did = parseDid(text)
  if (!did.ok) throw new Error(`${text} is no DID`)
  return did.value
}

/** A good verification method; each test changes what it is about. */
export const method = (change: JsonObject = {}): JsonObject => ({
  id: KEY_1,
  type: 'JsonWebKey',
  controller: DID,
  publicKeyJwk: PUBLIC_KEYS.Ed25519,
  ...change,
})

/** A good document of one key and one service; each test changes what it is about. */
export const source = (change: JsonObject = {}): JsonObject => ({
  '@context': ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/jwk/v1'],
  id: DID,
  verificationMethod: [method()],
  authentication: [KEY_1],
  assertionMethod: [KEY_1],
  service: [
    {
      id: `${DID}#login`,
      type: 'OAuthRedirect',
      serviceEndpoint: 'https://client.example/callback',
    },
  ],
  ...change,
})

/** The document that `source` with these changes parses to. */
export function documentOf(change: JsonObject = {}): DidDocument {
  const document = parseDidDocument(source(change), DID, NO_ARITHMETIC)
  if (!document.ok) throw new Error(document.refusal.fault)
  return document.value
}
