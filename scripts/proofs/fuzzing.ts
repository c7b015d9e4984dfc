import { createKeyArithmetic } from '../../src/adapters/did/key-arithmetic.ts'
import { platformCompression } from '../../src/adapters/system/compression.ts'
import { decodeBase64url, encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import { parseDidUrl } from '../../src/domain/did/did-url.ts'
import { didWebUrl } from '../../src/domain/did/did-web.ts'
import { parseDid } from '../../src/domain/did/did.ts'
import { parseDidDocument } from '../../src/domain/did/parse-did-document.ts'
import { isJsonObject, parseStrictJson } from '../../src/domain/json/strict-json.ts'
import { publicJwk, thumbprintInput } from '../../src/domain/jwk.ts'
import { JWS_PURPOSES, type JwsPurpose } from '../../src/domain/jws-purpose.ts'
import { readCompactJws, readCredentialJws, readPresentationJws } from '../../src/domain/jws.ts'
import { entriesOf, valueAt } from '../../src/domain/status-list/unpacked-list.ts'

/** What one kind of input came to: how many were read and how many refused. */
export interface FuzzFigures {
  readonly read: number
  readonly refused: number
}

/** A place that takes what strangers write. */
interface Reader {
  readonly name: string
  /** Texts that it takes; what it is fed is made of these. */
  readonly seeds: readonly string[]
  /** True for what it takes. Throws when it breaks its own promise; so does the reader itself, never. */
  reads(text: string): boolean | Promise<boolean>
}

/** The same numbers for the same seed: a linear congruence, so that a finding can be repeated. */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/**
 * Goal G9: feeds each reader `count` inputs, made from good ones by changes of all sizes. Throws with
 * the input in its message when a reader throws, or answers what its own opposite does not undo.
 */
export async function fuzz(
  seed: number,
  count: number,
): Promise<Readonly<Record<string, FuzzFigures>>> {
  const figures: Record<string, FuzzFigures> = {}
  for (const reader of READERS) {
    const { name, seeds } = reader
    const next = numbers(seed)
    let read = 0
    for (let input = 0; input < count; input++) {
      const text = mutated(seeds, next)
      try {
        if (await reader.reads(text)) read++
      } catch (cause) {
        throw new Error(`${name}, seed ${String(seed)}: ${JSON.stringify(text)}`, { cause })
      }
    }
    figures[name] = { read, refused: count - read }
  }
  return figures
}

const SPLICES = [
  ...['', '.', '..', ':', '#', '%00', '%', '?', '/', '\\', '"', '{', '}', '[', ']', ',', '-', '+'],
  ...['null', 'true', '1e999', '-0', '9007199254740993', '\u0000', '\ud800', '\u0130', 'é', '🗝'],
  ...['"__proto__":{}', '"constructor":1', '['.repeat(40), '{"a":'.repeat(40), 'A'.repeat(300)],
]

/** One of `seeds` as it is, or with one to four changes. */
function mutated(seeds: readonly string[], next: (below: number) => number): string {
  const any = <Value>(of: readonly Value[]): Value | undefined => of[next(of.length)]
  let text = any(seeds) ?? ''
  for (let changes = next(5); changes > 0; changes--) {
    const [at, to] = [next(text.length + 1), next(text.length + 1)]
    const [head, tail] = [text.slice(0, at), text.slice(at)]
    const other = any(seeds) ?? ''
    text =
      [
        () => head + tail.slice(1),
        () => head + String.fromCharCode(next(0x100)) + tail.slice(1),
        () => head + (any(SPLICES) ?? '') + tail,
        () => head + text.slice(Math.min(at, to), Math.max(at, to)) + tail,
        () => head + other.slice(Math.min(to, other.length)),
        () => head + String.fromCharCode(tail.charCodeAt(0) ^ (1 << next(8))) + tail.slice(1),
      ][next(6)]?.() ?? text
  }
  return text
}

/** Stops the run: what a reader took is not what it stands for. */
function must(holds: boolean, promise: string): true {
  if (!holds) throw new Error(promise)
  return true
}

const part = (text: string): string => encodeBase64url(utf8(text))
const signature = encodeBase64url(new Uint8Array(64).fill(7))
const compact = (header: string, payload: string): string =>
  `${part(header)}.${part(payload)}.${signature}`

const DIDS = [
  'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK',
  'did:web:issuer.example',
  'did:web:issuer.example%3A8443:issuers:one',
  'did:web:issuer.example#key-1',
  'did:web:issuer.example/path?service=files&relativeRef=%2Fa#b',
]
const JWKS = [
  '{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}',
  '{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}',
  `{"kty":"RSA","n":"${'z'.repeat(342)}","e":"AQAB"}`,
]
const DOCUMENTS = [
  `{"id":"did:web:issuer.example","verificationMethod":[{"id":"did:web:issuer.example#key-1","type":"JsonWebKey","controller":"did:web:issuer.example","publicKeyJwk":${JWKS[0] ?? ''}}],"assertionMethod":["#key-1"],"service":[{"id":"#a","type":"OAuthRedirect","serviceEndpoint":["https://a.example"]}]}`,
  '{"id":"did:web:issuer.example","verificationMethod":[{"id":"#k","type":"Multikey","controller":"did:web:issuer.example","publicKeyMultibase":"z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"}],"authentication":["#k"]}',
]
const HEADERS = [
  '{"alg":"EdDSA","typ":"vc+jwt","kid":"did:web:issuer.example#key-1"}',
  '{"alg":"ES256","kid":"did:web:issuer.example#key-1"}',
  `{"alg":"ES256","typ":"dpop+jwt","jwk":${JWKS[1] ?? ''}}`,
]
const PAYLOADS = ['{"vc":{}}', '{"vp":{}}', '{"iss":"did:web:issuer.example","exp":1768478400}']
const PURPOSES = Object.keys(JWS_PURPOSES) as readonly JwsPurpose[]
const ARITHMETIC = createKeyArithmetic()
const LISTS = ['', 'x'.repeat(40), '\u0000'.repeat(2_000)]
const packedLists = await Promise.all(
  LISTS.flatMap((text) => [
    platformCompression.gzip(utf8(text)),
    platformCompression.zlib(utf8(text)),
  ]),
)
const MOST_BYTES = 4_096

const READERS: readonly Reader[] = [
  {
    name: 'did',
    seeds: DIDS,
    reads(text) {
      const did = parseDid(text)
      if (!did.ok) return false
      didWebUrl(did.value)
      return must(did.value === text, 'a DID is the text that it was read from')
    },
  },
  {
    name: 'didUrl',
    seeds: DIDS,
    reads: (text) => parseDidUrl(text).ok,
  },
  {
    name: 'base64url',
    seeds: [part('a'), part('ab'), part('abc'), signature],
    reads(text) {
      const bytes = decodeBase64url(text)
      return bytes !== undefined && must(encodeBase64url(bytes) === text, 'one spelling only')
    },
  },
  {
    name: 'json',
    seeds: [...JWKS, ...DOCUMENTS, ...HEADERS, ...PAYLOADS],
    reads(text) {
      const json = parseStrictJson(utf8(text))
      if (!json.ok) return false
      const again = parseStrictJson(utf8(JSON.stringify(json.value)))
      return must(again.ok && JSON.stringify(again.value) === JSON.stringify(json.value), 'stable')
    },
  },
  {
    name: 'jwk',
    seeds: JWKS,
    reads(text) {
      const json = parseStrictJson(utf8(text))
      const jwk = publicJwk(json.ok ? json.value : text)
      if (!jwk.ok) return false
      const again = publicJwk({ ...jwk.value })
      return must(
        again.ok && thumbprintInput(again.value) === thumbprintInput(jwk.value),
        'a key is read alike again',
      )
    },
  },
  {
    name: 'didDocument',
    seeds: DOCUMENTS,
    reads(text) {
      const json = parseStrictJson(utf8(text))
      const did = parseDid('did:web:issuer.example')
      if (!json.ok || !did.ok || !isJsonObject(json.value)) return false
      const document = parseDidDocument(json.value, did.value, ARITHMETIC)
      return document.ok && must(document.value.id === did.value, 'of the DID asked for')
    },
  },
  {
    name: 'jws',
    seeds: HEADERS.flatMap((header) => PAYLOADS.map((payload) => compact(header, payload))),
    reads: (text) =>
      [
        ...PURPOSES.map((purpose) => readCompactJws(text, purpose)),
        readCredentialJws(text),
        readPresentationJws(text),
      ].filter(
        (jws) => jws.ok && must(jws.value.compact === text, 'a token is the text it came as'),
      ).length > 0,
  },
  {
    name: 'jwsParts',
    seeds: [...HEADERS, ...PAYLOADS],
    reads: (text) =>
      PURPOSES.map(
        (purpose) =>
          readCompactJws(compact(text, PAYLOADS[0] ?? ''), purpose).ok ||
          readCompactJws(compact(HEADERS[0] ?? '', text), purpose).ok,
      ).includes(true),
  },
  {
    name: 'statusList',
    seeds: packedLists.map((bytes) => String.fromCharCode(...bytes)),
    async reads(text) {
      const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0))
      for (const packing of ['gzip', 'zlib'] as const) {
        const list = await platformCompression.unpack(bytes, packing, MOST_BYTES)
        if (!list.ok) continue
        must(list.value.length <= MOST_BYTES, 'never more than asked for')
        const unpacked = { bytes: list.value, bits: 1, first: 'most_significant' } as const
        const entries = entriesOf({ ...unpacked, purposes: undefined })
        return must(
          valueAt({ ...unpacked, purposes: undefined }, entries) === undefined,
          'no entry beyond the end',
        )
      }
      return false
    },
  },
]
