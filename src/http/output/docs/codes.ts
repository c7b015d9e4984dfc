import { FINDINGS } from '../../../domain/verification/findings.ts'
import { PROBLEMS } from '../problem.ts'
import { html, type Html } from './html.ts'
import type { OpenApi } from './openapi.ts'
import { line } from './prose.ts'
import { schemaAnchor } from './schema.ts'

/** Every problem, each where its `type` leads: `#problem-<code>`. */
export function problemList({ components }: OpenApi): Html {
  const meanings = components.schemas['ProblemCode']?.['x-enumDescriptions'] ?? {}
  return html`<section id="${schemaAnchor('ProblemCode')}">
    <h2 id="problems">Problems</h2>
    <p>The <code>code</code> of a refusal, its status, and what to do about it.</p>
    <dl class="codes">
      ${Object.entries(PROBLEMS).map(
        ([code, { status, title }]) =>
          html`<dt id="problem-${code}">
              <code>${code}</code> <span class="type">${status}</span>
            </dt>
            <dd><p>${title}. ${line(meanings[code] ?? '')}</p></dd> `,
      )}
    </dl>
  </section>`
}

/** Every finding of a verification, each at `#finding-<code>`. */
export const findingList = (): Html =>
  html`<section id="${schemaAnchor('FindingCode')}">
    <h2 id="findings">Findings</h2>
    <p>The <code>code</code> of a check that did not pass, and how to mend what it found.</p>
    <dl class="codes">
      ${Object.entries(FINDINGS).map(
        ([code, hint]) =>
          html`<dt id="finding-${code}"><code>${code}</code></dt>
            <dd><p>${hint}</p></dd> `,
      )}
    </dl>
  </section>`
