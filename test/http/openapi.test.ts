import { describe, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import * as limits from '../../src/domain/limits.ts'
import { FINDINGS } from '../../src/domain/verification/findings.ts'
import type { Schema } from '../../src/http/output/docs/openapi.ts'
import { PROBLEMS } from '../../src/http/output/problem.ts'
import {
  resolutionError,
  type ResolutionErrorRefusal,
} from '../../src/http/output/resolution-error.ts'
import type { Ports } from '../../src/ports/index.ts'
import {
  answersOf,
  DOCUMENT,
  ENDPOINTS,
  faultsIn,
  nameOf,
  objectsIn,
  parametersOf,
} from '../support/openapi.ts'

const { schemas, responses, securitySchemes } = DOCUMENT.components
const mutates = ({ method }: { readonly method: string }) => method !== 'get'

/** No request is made: routes are listed without asking any port. */
const app = createApp({ events: {} } as unknown as Ports, {
  adminTokenHash: new Uint8Array(),
  clientIpHeader: undefined,
})

/** `GET /issuers/{id}` for `/issuers/:id`. What is mounted for all methods and preflights are no endpoints. */
const mounted = app.routes
  .filter(({ method }) => method !== 'ALL' && method !== 'OPTIONS')
  .map(
    ({ method, path }) =>
      `${method} ${path.replace(/:(\w+)/g, '{$1}').replace('*', '{identifier}')}`,
  )

describe('openapi.json and the mounted routes', () => {
  it('documents every mounted route', () => {
    expect(mounted.length).toBeGreaterThan(30)
    expect(mounted.filter((route) => !ENDPOINTS.map(nameOf).includes(route))).toEqual([])
  })

  it('documents nothing that is not mounted', () => {
    expect(ENDPOINTS.map(nameOf).filter((endpoint) => !mounted.includes(endpoint))).toEqual([])
  })
})

describe('openapi.json as OpenAPI 3.1', () => {
  it('resolves every reference', () => {
    const broken = objectsIn(DOCUMENT, '#').filter(
      ({ value: { $ref } }) => typeof $ref === 'string' && valueAt($ref) === undefined,
    )
    expect(broken).toEqual([])
    expect(valueAt('#/components/schemas/Did')).toBeDefined()
    expect(valueAt('#/components/schemas/NoSuchSchema')).toBeUndefined()
  })

  it('uses every component', () => {
    const used = new Set(objectsIn(DOCUMENT, '#').map(({ value }) => value['$ref']))
    const unused = Object.entries(DOCUMENT.components)
      .filter(([kind]) => kind !== 'securitySchemes')
      .flatMap(([kind, named]) => Object.keys(named).map((name) => `#/components/${kind}/${name}`))
      .filter((reference) => !used.has(reference))
    expect(unused).toEqual([])
  })

  it('names each operation once', () => {
    const ids = ENDPOINTS.map(({ operation }) => operation.operationId)
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
  })

  it.each(ENDPOINTS.map((endpoint) => [nameOf(endpoint), endpoint] as const))(
    'declares exactly the parameters of the path of %s',
    (_, { path, operation }) => {
      const inPath = parametersOf(operation).filter((one) => one.in === 'path')
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      expect(inPath.map(({ name }) => name)).toEqual(names)
      expect(
        inPath.every(({ required, example }) => required === true && example !== undefined),
      ).toBe(true)
    },
  )

  it('puts every operation under one of its tags', () => {
    const known = DOCUMENT.tags.map(({ name }) => name)
    for (const { operation } of ENDPOINTS) {
      expect(operation.tags).toHaveLength(1)
      expect(known).toEqual(expect.arrayContaining([...operation.tags]))
    }
  })

  it('names only security schemes that it has', () => {
    const named = ENDPOINTS.flatMap(({ operation }) => operation.security.flatMap(Object.keys))
    expect(new Set(named)).toEqual(new Set(Object.keys(securitySchemes)))
  })
})

describe('the examples of openapi.json', () => {
  const contents = [
    ...ENDPOINTS.flatMap(({ operation }) => [
      [`${operation.operationId}, body`, operation.requestBody?.content ?? {}] as const,
      ...Object.entries(answersOf(operation)).map(
        ([status, { content = {} }]) => [`${operation.operationId}, ${status}`, content] as const,
      ),
    ]),
    ...Object.entries(responses).map(([name, { content = {} }]) => [name, content] as const),
  ]
  const examples = contents.flatMap(([where, content]) =>
    Object.values(content).flatMap(({ schema, example, examples: named = {} }) =>
      [
        ...(example === undefined ? [] : [example]),
        ...Object.values(named).map(({ value }) => value),
      ].map((value) => [where, schema, value] as const),
    ),
  )

  it('are there for every request body', () => {
    const without = contents.filter(
      ([where, content]) =>
        where.endsWith('body') &&
        Object.values(content).some(({ examples: named }) => named === undefined),
    )
    expect(without).toEqual([])
  })

  it.each(examples)('fit their schema: %s', (_, schema, value) => {
    expect(faultsIn(value, schema)).toEqual([])
  })

  it('would be found out if they did not fit', () => {
    const schema = { $ref: '#/components/schemas/NewIssuer' }
    const issuer = { id: 'registry', name: 'Example Registry Ltd', keys: ['k1'] }
    expect(faultsIn(issuer, schema)).toEqual([])
    expect(faultsIn({ ...issuer, colour: 'red' }, schema)).not.toEqual([])
    expect(faultsIn({ ...issuer, keys: [] }, schema)).not.toEqual([])
  })
})

describe('the codes of openapi.json', () => {
  it('are the problems of the service, each with a sentence', () => {
    const { enum: codes = [], 'x-enumDescriptions': sentences = {} } = schemas['ProblemCode'] ?? {}
    expect(new Set(codes)).toEqual(new Set(Object.keys(PROBLEMS)))
    expect(new Set(Object.keys(sentences))).toEqual(new Set(codes))
  })

  it('are each named by an answer, but for those of no one operation', () => {
    const named = ENDPOINTS.flatMap(({ operation }) =>
      Object.values(answersOf(operation)).flatMap(
        ({ content = {} }) =>
          content['application/problem+json']?.schema.properties?.['code']?.enum ?? [],
      ),
    )
    const known = [...named, ...(schemas['ResolutionErrorCode']?.enum ?? [])]
    expect(Object.keys(PROBLEMS).filter((code) => !known.includes(code))).toEqual([
      'host_invalid',
      'method_not_allowed',
    ])
  })

  it('are the findings of the service', () => {
    expect(new Set(schemas['FindingCode']?.enum)).toEqual(new Set(Object.keys(FINDINGS)))
  })

  it('are under the status that each problem has', () => {
    const statusOf: Readonly<Record<string, { readonly status: number }>> = PROBLEMS
    const misplaced = ENDPOINTS.flatMap(({ operation }) =>
      Object.entries(answersOf(operation)).flatMap(([status, { content = {} }]) =>
        (content['application/problem+json']?.schema.properties?.['code']?.enum ?? [])
          .filter((code) => String(statusOf[code]?.status) !== status)
          .map((code) => `${operation.operationId} ${status} ${code}`),
      ),
    )
    expect(misplaced).toEqual([])
  })

  it('are the errors of a resolution, each under its status', () => {
    const errors = Object.values(REFUSALS).map((refusal) =>
      resolutionError(refusal, 'https://trust.example'),
    )
    expect(new Set(schemas['ResolutionErrorCode']?.enum)).toEqual(
      new Set(errors.map(({ code }) => code)),
    )
    const resolve = ENDPOINTS.find(({ operation }) => operation.operationId === 'resolveDid')
    const documented = Object.keys(resolve?.operation.responses ?? {})
    expect(documented).toEqual(expect.arrayContaining(errors.map(({ status }) => String(status))))
  })
})

type Resolvable = Exclude<ResolutionErrorRefusal, { readonly reason: 'did_deactivated' }>

/** One refusal for each reason there is: a new reason does not compile until it is here. */
const REFUSALS: {
  readonly [Reason in Resolvable['reason']]: Extract<Resolvable, { reason: Reason }>
} = {
  did_invalid: { reason: 'did_invalid' },
  destination_not_allowed: { reason: 'destination_not_allowed' },
  did_url_invalid: { reason: 'did_url_invalid' },
  options_invalid: { reason: 'options_invalid', option: 'noCache' },
  did_not_found: { reason: 'did_not_found' },
  resource_not_found: { reason: 'resource_not_found' },
  representation_not_supported: { reason: 'representation_not_supported' },
  did_document_invalid: { reason: 'did_document_invalid', fault: 'it is empty' },
  did_method_not_supported: { reason: 'did_method_not_supported' },
  key_type_not_supported: { reason: 'key_type_not_supported' },
  feature_not_supported: { reason: 'feature_not_supported', feature: 'versionId' },
  redirect_not_followed: { reason: 'redirect_not_followed' },
  did_host_failed: { reason: 'did_host_failed' },
  did_host_timeout: { reason: 'did_host_timeout' },
  fetch_budget_spent: { reason: 'fetch_budget_spent' },
}

describe('what every operation of a kind has', () => {
  /** These change nothing that could be changed twice. */
  const WITHOUT_KEY = [
    'createChallenge',
    'dryRunRegistration',
    'replayDecision',
    'dryRunPolicy',
    'verifyRequestObject',
    'verifyClientAssertion',
    'verifyDpopProof',
  ]

  it('H13: every change takes an Idempotency-Key, and a reused one is 422', () => {
    for (const { method, operation } of ENDPOINTS) {
      const taken = parametersOf(operation).some(({ name }) => name === 'Idempotency-Key')
      const expected = mutates({ method }) && !WITHOUT_KEY.includes(operation.operationId)
      expect([operation.operationId, taken]).toEqual([operation.operationId, expected])
      expect('422' in operation.responses).toBe(expected)
    }
  })

  it('every GET that is not streamed has an ETag, takes If-None-Match and answers 304', () => {
    const without = ENDPOINTS.filter(({ method }) => method === 'get').filter(({ operation }) => {
      const tagged = 'ETag' in (answersOf(operation)['200']?.headers ?? {})
      const asked = parametersOf(operation).some(({ name }) => name === 'If-None-Match')
      return !(tagged && asked && '304' in operation.responses)
    })
    expect(without.map(nameOf).sort()).toEqual([
      'GET /health',
      'GET /issuers/{id}/export',
      'GET /verifiers/{id}/export',
    ])
  })

  it('every body is closed: what is not known is refused', () => {
    const open = ENDPOINTS.flatMap(({ operation }) => {
      const $ref = operation.requestBody?.content['application/json']?.schema.$ref
      return $ref === undefined || schemaAt($ref)?.additionalProperties === false ? [] : [$ref]
    })
    expect(open).toEqual([])
  })
})

describe('the limits of openapi.json', () => {
  it.each<[pointer: string, limit: number]>([
    ['#/components/schemas/Did/maxLength', limits.MAX_DID_CHARACTERS],
    ['#/components/schemas/NewIssuer/properties/name/maxLength', limits.MAX_TEXT_CHARACTERS],
    ['#/components/schemas/NewVerifier/properties/audience/maxLength', limits.MAX_TEXT_CHARACTERS],
    [
      '#/components/schemas/ChangeCredentialStatus/properties/reason/maxLength',
      limits.MAX_TEXT_CHARACTERS,
    ],
    [
      '#/components/schemas/ChangeCredentialStatus/properties/credentialId/maxLength',
      limits.MAX_URL_CHARACTERS,
    ],
    [
      '#/components/schemas/VerifyPresentation/properties/options/properties/challenge/maxLength',
      limits.MAX_NONCE_CHARACTERS,
    ],
    [
      '#/components/parameters/IdempotencyKey/schema/maxLength',
      limits.MAX_IDEMPOTENCY_KEY_CHARACTERS,
    ],
    ['#/components/schemas/PolicyDryRun/properties/last/maximum', limits.MAX_DRY_RUN_DECISIONS],
    ['#/components/schemas/PolicyDryRun/properties/last/default', limits.DEFAULT_DRY_RUN_DECISIONS],
    ['#/components/parameters/Limit/schema/maximum', limits.MAX_PAGE_ROWS],
    ['#/components/parameters/Limit/schema/default', limits.DEFAULT_PAGE_ROWS],
  ])('are those of the service: %s', (pointer, limit) => {
    expect(valueAt(pointer)).toBe(limit)
  })

  it('are told in words where no schema can tell them', () => {
    const { description } = DOCUMENT.info
    expect(description).toContain(`${String(limits.MAX_BODY_BYTES / 1024)} KiB`)
    expect(description).toContain(`nested at most ${String(limits.MAX_JSON_DEPTH)} deep`)
    expect(description).toContain(`at most ${String(limits.MAX_URL_CHARACTERS)} characters`)
    expect(description).toContain(`${String(limits.IDEMPOTENCY_SECONDS / 3600)} hours`)
    expect(schemas['SecuredPresentation']?.oneOf?.[0]?.description).toContain(
      `at most ${String(limits.MAX_TOKEN_CHARACTERS)} characters, with at most ${String(limits.MAX_CREDENTIALS_IN_PRESENTATION)} credentials`,
    )
  })
})

/** What a local reference points at. */
function valueAt(reference: string): unknown {
  const steps = reference.slice('#/'.length).split('/')
  let value: unknown = DOCUMENT
  for (const step of steps) {
    if (typeof value !== 'object' || value === null) return undefined
    value = new Map(Object.entries(value)).get(step)
  }
  return value
}

const schemaAt = (reference: string): Schema | undefined =>
  schemas[reference.slice(reference.lastIndexOf('/') + 1)]
