import { describe, expect, it } from 'vitest'
import { FINDINGS } from '../../src/domain/verification/findings.ts'
import { curlOf } from '../../src/http/output/docs/curl.ts'
import { jsonText } from '../../src/http/output/docs/json-text.ts'
import type { OpenApi } from '../../src/http/output/docs/openapi.ts'
import { QUICK_START } from '../../src/http/output/docs/quick-start.ts'
import { docsPage } from '../../src/http/output/docs-page.ts'
import { PROBLEMS } from '../../src/http/output/problem.ts'
import { aDocumentedService } from '../support/documented-service.ts'
import { DOCUMENT, ENDPOINTS, faultsIn } from '../support/openapi.ts'

const PAGE = docsPage(DOCUMENT, '1.2.3')

/** The description with `tail` behind every text in it but references. */
const withTail = (tail: string): OpenApi =>
  JSON.parse(
    JSON.stringify(DOCUMENT, (name, value: unknown) =>
      typeof value === 'string' && name !== '$ref' ? `${value}${tail}` : value,
    ),
  ) as OpenApi

const all = (pattern: RegExp): readonly string[] =>
  [...PAGE.matchAll(pattern)].map(([, found = '']) => found)

describe('docsPage', () => {
  it('names the service and its version', () => {
    expect(PAGE).toContain('<title>LSO Trust 1.2.3</title>')
  })

  it('escapes every text of the description', () => {
    const page = docsPage(withTail(`<em-x a="b" c='d'>&`), '1.2.3')
    expect(page).not.toContain('<em-x')
    expect(page).not.toMatch(/c='d'/)
    expect(page).toContain('&lt;em-x a=&quot;b&quot; c=&#39;d&#39;&gt;&amp;')
  })

  it('has no script and takes nothing from elsewhere, as its Content-Security-Policy demands', async () => {
    expect(PAGE).not.toMatch(/<(?:script|link|img|iframe|object|embed|form|base|svg)\b/i)
    expect(PAGE).not.toMatch(/<[^>]*\s(?:on\w+|src|style)=/i)
    expect(PAGE).not.toMatch(/url\(|@import/i)
    expect(all(/href="([^"]*)"/g).filter((href) => !href.startsWith('#'))).toEqual(['openapi.json'])
    const service = await aDocumentedService({})
    const docs = ENDPOINTS.find(({ path }) => path === '/docs')
    const answer = docs && (await service.send(docs, {}))
    expect(answer?.headers.get('Content-Security-Policy')).toBe(
      "default-src 'none'; style-src 'unsafe-inline'",
    )
  })

  it('is well-formed: every element is closed, in the right order', () => {
    const open: string[] = []
    const wrong: string[] = []
    for (const [tag, slash, name = '', end] of PAGE.matchAll(
      /<(\/?)([a-z][a-z0-9]*)[^>]*?(\/?)>/g,
    )) {
      if (end === '/' || VOID.includes(name)) continue
      if (slash === '') open.push(name)
      else if (open.pop() !== name) wrong.push(tag)
    }
    expect({ open, wrong }).toEqual({ open: [], wrong: [] })
  })

  it('gives each anchor once, and every link leads to one', () => {
    const ids = all(/ id="([^"]*)"/g)
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
    const links = all(/href="#([^"]*)"/g)
    expect(links.filter((link) => !ids.includes(link))).toEqual([])
  })

  it('tells of every operation, with a command for each', () => {
    const ids = all(/<article id="([^"]*)"/g)
    expect(new Set(ids)).toEqual(new Set(ENDPOINTS.map(({ operation }) => operation.operationId)))
    const articles = PAGE.split('<article').slice(1)
    expect(articles.filter((article) => !article.includes('<pre>curl '))).toEqual([])
  })

  it('explains every problem where its type leads, and every finding', () => {
    const ids = all(/<dt id="([^"]*)"/g)
    expect(new Set(ids)).toEqual(
      new Set([
        ...Object.keys(PROBLEMS).map((code) => `problem-${code}`),
        ...Object.keys(FINDINGS).map((code) => `finding-${code}`),
      ]),
    )
    for (const hint of Object.values(FINDINGS)) expect(PAGE).toContain(hint)
  })

  it('explains every named schema', () => {
    const ids = all(/ id="schema-([^"]*)"/g)
    expect(new Set(ids)).toEqual(new Set(Object.keys(DOCUMENT.components.schemas)))
  })
})

const VOID = ['meta', 'wbr']

describe('the commands of the page', () => {
  it('hold every body so that a shell and a JSON parser read it back', () => {
    const bodies = ENDPOINTS.flatMap((endpoint) => {
      const examples = endpoint.operation.requestBody?.content['application/json']?.examples ?? {}
      const [first] = Object.values(examples)
      return first === undefined ? [] : [[bodyOf(curlOf(DOCUMENT, endpoint)), first.value] as const]
    })
    expect(bodies.length).toBeGreaterThan(5)
    for (const [read, sent] of bodies) expect(read).toEqual(sent)
  })

  it('hold a body with a quote in it', () => {
    const [endpoint] = ENDPOINTS.filter(({ operation }) => operation.operationId === 'changeIssuer')
    if (endpoint === undefined) throw new Error('there is no such operation')
    const value = { name: "Example Buyer's Ltd" }
    const requestBody = {
      content: { 'application/json': { schema: {}, examples: { a: { summary: '', value } } } },
    }
    const command = curlOf(DOCUMENT, {
      ...endpoint,
      operation: { ...endpoint.operation, requestBody },
    })
    expect(bodyOf(command)).toEqual(value)
  })

  it.each(QUICK_START.flatMap(({ command }) => bodiesIn(command)))(
    'of the quick start send what is documented: %s',
    (path, body) => {
      const asked = ENDPOINTS.find(
        (one) =>
          one.method === 'post' && new RegExp(`^${one.path.replace('{id}', '\\w+')}$`).test(path),
      )
      const schema = asked?.operation.requestBody?.content['application/json']?.schema
      expect(schema).toBeDefined()
      expect(faultsIn(JSON.parse(body), schema ?? {})).toEqual([])
    },
  )
})

/** What a shell hands to curl as the body. */
function bodyOf(command: string): unknown {
  const [, word = ''] = /-d '([^]*)'$/.exec(command) ?? []
  return JSON.parse(word.replaceAll(String.raw`'\''`, "'"))
}

/** Path and body of each call in a command that has a body of its own, its variables filled in. */
function bodiesIn(command: string): readonly (readonly [path: string, body: string])[] {
  return command.split(/(?=curl )/).flatMap((call) => {
    const [, path = ''] = /"\$URL([^"]*)"/.exec(call) ?? []
    const [, quoted, document] = /-d '([^']*)'|<<END[^\n]*\n([^]*?)\nEND/.exec(call) ?? []
    const body = quoted ?? document
    if (body === undefined) return []
    return [[path, body.replaceAll(/\$\w+/g, 'did:web:trust.example.com')] as const]
  })
}

describe('jsonText', () => {
  it.each([
    [[], '[]'],
    [{}, '{}'],
    ['a "b"', '"a \\"b\\""'],
    [{ a: 1, b: [true, null] }, '{ "a": 1, "b": [true, null] }'],
  ])('keeps %j on one line', (value, text) => {
    expect(jsonText(value)).toBe(text)
    expect(JSON.parse(jsonText(value))).toEqual(value)
  })

  it('breaks what is too long, and loses nothing', () => {
    const value = { list: ['x'.repeat(60), 'y'.repeat(60)], short: { a: 1 } }
    expect(jsonText(value).split('\n')).toHaveLength(7)
    expect(JSON.parse(jsonText(value))).toEqual(value)
  })
})
