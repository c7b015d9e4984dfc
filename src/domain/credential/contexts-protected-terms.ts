import type { DataModel } from './data-model-version.ts'

type Meanings = readonly (readonly [term: string, iri: string])[]

const within = (namespace: string, ...terms: readonly string[]): Meanings =>
  terms.map((term) => [term, namespace + term])

const CREDENTIALS = 'https://www.w3.org/2018/credentials#'
const SECURITY = 'https://w3id.org/security#'
const KEYWORDS: Meanings = [
  ['id', '@id'],
  ['type', '@type'],
]

/**
 * The terms that each base context defines at its top level, all of them protected (JSON-LD 1.1 §4.1.11),
 * with their IRIs. Terms within the scope of a type are not here: a later context cannot reach them.
 */
export const PROTECTED_TERMS: Readonly<Record<DataModel, ReadonlyMap<string, string>>> = {
  '1.1': new Map([
    ...KEYWORDS,
    ...within(CREDENTIALS, 'VerifiableCredential', 'VerifiablePresentation'),
    ...within(SECURITY, 'proof', 'Ed25519Signature2018', 'RsaSignature2018'),
    ...within(SECURITY, 'EcdsaSecp256k1Signature2019', 'EcdsaSecp256r1Signature2019'),
  ]),
  '2.0': new Map([
    ...KEYWORDS,
    ...within(CREDENTIALS, 'VerifiableCredential', 'VerifiablePresentation'),
    ...within(CREDENTIALS, 'EnvelopedVerifiableCredential', 'EnvelopedVerifiablePresentation'),
    ...within(CREDENTIALS, 'JsonSchema', 'JsonSchemaCredential', 'digestSRI'),
    ...within(SECURITY, 'DataIntegrityProof', 'digestMultibase'),
    ...within('https://schema.org/', 'name', 'description'),
    ['mediaType', 'https://schema.org/encodingFormat'],
    ...within(
      'https://www.w3.org/ns/credentials/status#',
      'BitstringStatusList',
      'BitstringStatusListCredential',
      'BitstringStatusListEntry',
    ),
    ...within('https://www.iana.org/assignments/jose#', 'iss', 'sub', 'kid', 'jku', 'x5u'),
    ...within('https://www.iana.org/assignments/jwt#', 'aud', 'exp', 'iat', 'nbf', 'cnf'),
    ...within('https://www.iana.org/assignments/jwt#', '...', '_sd', '_sd_alg'),
  ]),
}
