import { findingList, problemList } from './docs/codes.ts'
import { html, type Html } from './docs/html.ts'
import { endpointsOf, type Endpoint, type OpenApi } from './docs/openapi.ts'
import { access, operationArticle, place, verb } from './docs/operation.ts'
import { line, paragraphs } from './docs/prose.ts'
import { quickStart } from './docs/quick-start.ts'
import { memberList, membersOf, schemaAnchor, typeOf } from './docs/schema.ts'
import { STYLE } from './docs/style.ts'

/**
 * The API description as a page for people: one file without scripts, and nothing from elsewhere.
 * All that comes from `openapi` is escaped. Operations are at `#<operationId>`, problems at
 * `#problem-<code>`, findings at `#finding-<code>`.
 */
export function docsPage(openapi: OpenApi, version: string): string {
  const known = pages.get(openapi)
  if (known?.version === version) return known.markup
  const { markup } = page(openapi, version)
  pages.set(openapi, { version, markup })
  return markup
}

/** NOTE: anybody may ask for the page as often as the rate allows, and making it takes milliseconds. */
const pages = new WeakMap<OpenApi, { readonly version: string; readonly markup: string }>()

function page(openapi: OpenApi, version: string): Html {
  const { info, tags } = openapi
  const [lead = '', ...conventions] = info.description.split('\n\n')
  const groups = tags.map((tag) => ({
    ...tag,
    endpoints: endpointsOf(openapi).filter(({ operation }) => operation.tags.includes(tag.name)),
  }))
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${info.title} ${version}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <nav>${contents(groups)}</nav>
        <main>
          <header>
            <h1>${info.title} <small>${version}</small></h1>
            <p class="lead">${line(lead)}</p>
            <p>The same for programs: <a href="openapi.json">openapi.json</a>.</p>
          </header>
          ${quickStart()}
          <section>
            <h2 id="endpoints">Endpoints</h2>
            <table>
              ${groups.map(endpointRows)}
            </table>
          </section>
          <section>
            <h2 id="conventions">What holds for every call</h2>
            ${paragraphs(conventions.join('\n\n'))}
          </section>
          ${groups.map(
            ({ name, description, endpoints }) =>
              html`<section>
                <h2 id="${tagAnchor(name)}">${name}</h2>
                <p>${line(description)}</p>
                ${endpoints.map((endpoint) => operationArticle(openapi, endpoint))}
              </section> `,
          )}
          ${shapes(openapi)} ${problemList(openapi)} ${findingList()}
        </main>
      </body>
    </html> `
}

interface Group {
  readonly name: string
  readonly description: string
  readonly endpoints: readonly Endpoint[]
}

const tagAnchor = (name: string): string => name.toLowerCase().replaceAll(' ', '-')

const contents = (groups: readonly Group[]): Html => html`
  <p><a href="#quick-start">Quick start</a></p>
  <p><a href="#endpoints">Endpoints</a></p>
  <p><a href="#conventions">What holds for every call</a></p>
  ${groups.map(
    ({ name, endpoints }) =>
      html`<p><a href="#${tagAnchor(name)}">${name}</a></p>
        ${endpoints.map(
          ({ operation }) => html`<a href="#${operation.operationId}">${operation.summary}</a> `,
        )}`,
  )}
  <p><a href="#shapes">Shapes</a></p>
  <p><a href="#problems">Problems</a></p>
  <p><a href="#findings">Findings</a></p>
`

const endpointRows = ({ name, endpoints }: Group): Html =>
  html`<tbody>
    <tr>
      <th colspan="4"><a href="#${tagAnchor(name)}">${name}</a></th>
    </tr>
    ${endpoints.map(
      (endpoint) =>
        html`<tr>
          <td>${verb(endpoint)}</td>
          <td>${place(endpoint)}</td>
          <td><a href="#${endpoint.operation.operationId}">${endpoint.operation.summary}</a></td>
          <td>${access(endpoint)}</td>
        </tr> `,
    )}
  </tbody> `

/** Schemas that have a section of their own. */
const ELSEWHERE = ['ProblemCode', 'FindingCode']

function shapes({ components }: OpenApi): Html {
  const named = Object.entries(components.schemas).filter(([name]) => !ELSEWHERE.includes(name))
  return html`<section>
    <h2 id="shapes">Shapes</h2>
    ${named.map(
      ([name, schema]) =>
        html`<div class="shape" id="${schemaAnchor(name)}">
          <h3>${name}</h3>
          <p class="type">${typeOf(schema)}</p>
          <p>${line(schema.description ?? '')}</p>
          ${memberList(membersOf(schema))}
        </div> `,
    )}
  </section>`
}
