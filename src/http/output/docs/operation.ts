import { curlOf } from './curl.ts'
import { jsonText } from './json-text.ts'
import { html, joined, NOTHING, type Html } from './html.ts'
import {
  resolved,
  type Answer,
  type Endpoint,
  type MediaType,
  type OpenApi,
  type Schema,
} from './openapi.ts'
import { line, paragraphs } from './prose.ts'
import { memberList, membersOf, typeOf } from './schema.ts'

/** All about one operation: who may call it, what it takes, a command that calls it, what it answers. */
export function operationArticle(openapi: OpenApi, endpoint: Endpoint): Html {
  const { operation } = endpoint
  return html`<article id="${operation.operationId}">
    <h3>${operation.summary}</h3>
    <p class="call">
      ${verb(endpoint)} ${place(endpoint)} <span class="token">${access(endpoint)}</span>
    </p>
    ${operation.description === undefined ? NOTHING : paragraphs(operation.description)}
    ${parameters(openapi, endpoint)} ${requestBody(openapi, endpoint)}
    <pre>${curlOf(openapi, endpoint)}</pre>
    ${moreExamples(operation.requestBody?.content['application/json'])}
    ${answers(openapi, endpoint)}
  </article>`
}

/** `POST`, in the colour of what it does. */
export const verb = ({ method }: Endpoint): Html =>
  html`<b class="${method}">${method.toUpperCase()}</b>`

/** The path, breakable after each slash. */
export const place = ({ path }: Endpoint): Html =>
  html`<code>${path.split(/(?<=\/)/).map((step) => html`${step}<wbr />`)}</code>`

const ACCESS: Readonly<Record<string, string>> = {
  adminToken: 'admin token',
  issuerToken: 'issuer token',
  verifierToken: 'verifier token',
}

/** Who may make the call. */
export function access({ operation: { security } }: Endpoint): string {
  const tokens = security.flatMap((alternative) => Object.keys(alternative))
  const [scheme] = tokens
  if (scheme === undefined) return 'public'
  const token = ACCESS[scheme] ?? scheme
  return tokens.length < security.length ? `public, or ${token}` : token
}

const PLACES = [
  ['path', 'In the path'],
  ['query', 'In the query'],
  ['header', 'Headers'],
] as const

function parameters({ components }: OpenApi, { operation }: Endpoint): Html {
  const all = (operation.parameters ?? []).map((one) => resolved(one, components.parameters))
  const groups = PLACES.map(([place, title]) => {
    const members = all
      .filter((parameter) => parameter.in === place)
      .map((parameter) => ({ ...parameter, required: parameter.required === true }))
    return members.length === 0
      ? NOTHING
      : html`<h4>${title}</h4>
          ${memberList(members)}`
  })
  return html`${groups}`
}

function requestBody({ components }: OpenApi, { operation }: Endpoint): Html {
  const schema = operation.requestBody?.content['application/json']?.schema
  if (schema === undefined) return NOTHING
  const named =
    schema.$ref === undefined ? schema : resolved({ $ref: schema.$ref }, components.schemas)
  return html`<h4>Body: ${typeOf(schema)}</h4>
    ${memberList(membersOf(named))}`
}

/** The examples behind the first one, which is in the command. */
const moreExamples = (media: MediaType | undefined): Html =>
  html`${Object.values(media?.examples ?? {})
    .slice(1)
    .map(({ summary, value }) => folded(`Another body: ${summary}`, value))}`

/** First the answers of this operation, then, in one line, those that many operations give. */
function answers({ components }: OpenApi, { operation }: Endpoint): Html {
  const all = Object.entries(operation.responses).map(([status, answer]) => ({
    status,
    shared: '$ref' in answer,
    answer: resolved(answer, components.responses),
  }))
  const shared = all.filter((one) => one.shared)
  return html`<h4>Answers</h4>
    <dl>
      ${all.filter((one) => !one.shared).map(({ status, answer }) => answerRow(status, answer))}
    </dl>
    <p class="type">
      As elsewhere:
      ${joined(
        shared.map(({ status, answer }) => html`<b>${status}</b>${codesOf(answer)}`),
        '; ',
      )}
    </p>`
}

function answerRow(status: string, { description, headers = {}, content = {} }: Answer): Html {
  const named = Object.keys(headers).filter((name) => name !== 'X-Request-Id')
  return html`<dt><b>${status}</b> ${line(description)}</dt>
    <dd>
      ${named.length === 0 ? NOTHING : headerNames(named)}
      ${Object.entries(content).map(([mediaType, media]) => mediaTypeRow(mediaType, media))}
    </dd>`
}

const headerNames = (names: readonly string[]): Html =>
  html`<p class="type">
    with
    ${joined(
      names.map((name) => html`<code>${name}</code>`),
      ', ',
    )}
  </p>`

const mediaTypeRow = (mediaType: string, { schema, example }: MediaType): Html =>
  html`<p class="type"><code>${mediaType}</code> ${typeOf(schema)}${codes(codesIn(schema))}</p>
    ${example === undefined ? NOTHING : folded('Example', example)}`

/** The problem codes that an answer may carry. */
const codesIn = (schema: Schema): readonly string[] => schema.properties?.['code']?.enum ?? []

const codesOf = ({ content = {} }: Answer): Html =>
  html`${Object.values(content).map(({ schema }) => codes(codesIn(schema)))}`

const codes = (values: readonly string[]): Html =>
  values.length === 0
    ? NOTHING
    : html` ${joined(
        values.map((code) => html`<a href="#problem-${code}"><code>${code}</code></a>`),
        ', ',
      )}`

const folded = (title: string, value: unknown): Html =>
  html`<details>
    <summary>${title}</summary>
    <pre>${jsonText(value)}</pre>
  </details>`
