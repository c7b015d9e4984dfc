import { expect } from 'vitest'
import { createDidResolver } from '../../src/adapters/did/create-did-resolver.ts'
import { hostedDocuments } from '../../src/adapters/did/hosted-documents.ts'
import { createVcdm1Shaper } from '../../src/adapters/did-jwt-vc/vcdm1-shaper.ts'
import { createSigner } from '../../src/adapters/jose/signer.ts'
import { readSigningKeys } from '../../src/adapters/jose/signing-keys.ts'
import { createApp } from '../../src/app.ts'
import { utf8 } from '../../src/domain/base64url.ts'
import {
  isJsonObject,
  parseStrictJsonText,
  type JsonObject,
} from '../../src/domain/json/strict-json.ts'
import type { Endpoint } from '../../src/http/output/docs/openapi.ts'
import type { Ports } from '../../src/ports/index.ts'
import { generateKey } from './generated-keys.ts'
import { answersOf, ENDPOINTS, examplePath, faultsIn } from './openapi.ts'
import { aWorld } from './world.ts'

/** Where the examples of the description say that the service is. */
const PUBLIC_URL = 'https://trust.example.com'
const ADMIN_TOKEN = 'admin-token-of-this-test'

/** What a call of a documented operation does otherwise than its examples say. */
export interface Call {
  /** The example that is its body. */
  readonly example?: string
  /** Members of the body instead of those of the example. */
  readonly change?: JsonObject
  /** A body of its own, instead of an example. */
  readonly body?: unknown
  readonly path?: Readonly<Record<string, string>>
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A deployment in memory with the address and the names of keys that the examples use. */
export async function aDocumentedService(otherwise: Partial<Ports>) {
  const ports = { ...(await examplePorts()), ...otherwise }
  const app = createApp(ports, {
    adminTokenHash: ports.digest.sha256(utf8(ADMIN_TOKEN)),
    clientIpHeader: undefined,
  })
  const tokens = new Map([['adminToken', ADMIN_TOKEN]])

  /** Sends an operation as its examples say, with the token it needs; `path` may name other values. */
  async function send(endpoint: Endpoint, call: Call): Promise<Response> {
    const { method, operation } = endpoint
    const body = bodyOf(endpoint, call)
    const token = tokens.get(requiredScheme(endpoint) ?? '')
    const url = `${PUBLIC_URL}${examplePath(endpoint, call.path ?? {})}${call.query ?? ''}`
    expect(operation.requestBody === undefined).toBe(body === undefined)
    return app.request(url, {
      method: method.toUpperCase(),
      headers: {
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': mediaTypeOf(endpoint) }),
        ...call.headers,
      },
      ...(body === undefined ? {} : { body }),
    })
  }

  return {
    /** Takes a token that an answer showed, for all later calls that need one of its kind. */
    keep: (scheme: string, { token }: JsonObject): void => {
      if (typeof token !== 'string') throw new Error('the answer shows no token')
      tokens.set(scheme, token)
    },
    token: (scheme: string): string => tokens.get(scheme) ?? '',
    /** Forgets all tokens. */
    forget: (): void => {
      tokens.clear()
    },
    send,
    /** Sends it, and holds the answer against the description: status, headers, media type, body. */
    ask: async (operationId: string, call: Call, expected: number): Promise<JsonObject> => {
      const endpoint = endpointNamed(operationId)
      const answer = await send(endpoint, call)
      expect([operationId, answer.status]).toEqual([operationId, expected])
      return documentedBody(endpoint, answer)
    },
  }
}

async function examplePorts(): Promise<Ports> {
  const { ports } = await aWorld()
  const { clock, guardedFetch, issuers, verifiers } = ports
  const keys = readSigningKeys(
    JSON.stringify({
      keys: [
        { ...(await generateKey('EdDSA')).privateJwk, kid: 'dev-ed25519' },
        { ...(await generateKey('ES256')).privateJwk, kid: 'dev-p256' },
      ],
    }),
  )
  if (!keys.ok) throw new Error(keys.refusal.fault)
  const signer = createSigner(keys.value)
  const hosted = hostedDocuments(PUBLIC_URL, { issuers, verifiers }, signer, clock)
  return {
    ...ports,
    publicUrl: PUBLIC_URL,
    signer,
    vcdm1Shaper: createVcdm1Shaper(signer),
    didResolver: createDidResolver({ clock, fetch: guardedFetch, hosted }),
  }
}

const endpointNamed = (operationId: string): Endpoint => {
  const found = ENDPOINTS.find(({ operation }) => operation.operationId === operationId)
  if (found === undefined) throw new Error(`there is no operation ${operationId}`)
  return found
}

/** `undefined` where the call can be made without a token. */
export const requiredScheme = ({ operation: { security } }: Endpoint): string | undefined =>
  security.some((alternative) => Object.keys(alternative).length === 0)
    ? undefined
    : security.flatMap((alternative) => Object.keys(alternative))[0]

/** The only media type of the body. */
const mediaTypeOf = ({ operation }: Endpoint): string =>
  Object.keys(operation.requestBody?.content ?? {})[0] ?? ''

function bodyOf(endpoint: Endpoint, { example, change = {}, body: own }: Call): string | undefined {
  if (own !== undefined) return JSON.stringify(own)
  const examples = endpoint.operation.requestBody?.content[mediaTypeOf(endpoint)]?.examples ?? {}
  const body = Object.entries(examples).find(([name]) => name === example)?.[1].value
  if (typeof body === 'string') return body
  return body === undefined ? undefined : JSON.stringify({ ...body, ...change })
}

/** The body of an answer whose status, headers and media type are documented; `{}` for a body that is no JSON object. */
async function documentedBody({ operation }: Endpoint, answer: Response): Promise<JsonObject> {
  const documented = answersOf(operation)[String(answer.status)]
  if (documented === undefined) throw new Error(`${String(answer.status)} is not documented`)
  const missing = Object.keys(documented.headers ?? {}).filter((name) => !answer.headers.has(name))
  expect(missing).toEqual([])
  const text = await answer.text()
  if (text === '') {
    expect(documented.content).toBeUndefined()
    return {}
  }
  const mediaType = (answer.headers.get('Content-Type') ?? '').split(';', 1).join('')
  const media = documented.content?.[mediaType]
  if (media === undefined) throw new Error(`${mediaType} is not documented`)
  const json = parseStrictJsonText(text)
  expect(faultsIn(json.ok ? json.value : text, media.schema)).toEqual([])
  return json.ok && isJsonObject(json.value) ? json.value : {}
}
