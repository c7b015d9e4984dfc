import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import openapi from '../schemas/openapi.json' with { type: 'json' }
import { FINDINGS } from '../src/domain/verification/findings.ts'
import { PROBLEMS } from '../src/http/output/problem.ts'
import { PROJECT } from './project.ts'

/** The client's copy of the service's reasons: it reaches into no other room of the house. */
export const REASONS_FILE = join(PROJECT, 'src/client/service-reasons.ts')

/** The text of that file, made from the tables that the service itself answers from. */
export async function reasonsSource(): Promise<string> {
  const schemas = openapi.components.schemas
  const advice: Readonly<Record<string, string>> = schemas.ProblemCode['x-enumDescriptions']
  const problems = Object.fromEntries(
    Object.entries(PROBLEMS).map(([code, { title }]) => [code, { title, hint: advice[code] }]),
  )
  const source = `/*
 * Written by \`npm run reasons\` from the tables of the service; change those, not this. A test compares.
 */

/** How to mend what a check found, by the \`code\` of the check. */
export const FINDINGS = ${JSON.stringify(FINDINGS)} as const

/** What a refusal of the service is called and what to do about it, by its \`code\`. */
export const PROBLEMS = ${JSON.stringify(problems)} as const

/** Why a DID or a DID URL has no answer; \`detail\` of the answer says more. */
export const RESOLUTION_ERRORS = ${JSON.stringify(schemas.ResolutionErrorCode.enum)} as const
`
  return format(source, { ...(await resolveConfig(REASONS_FILE)), parser: 'typescript' })
}

/** What the file says now. */
export const reasonsWritten = (): string => readFileSync(REASONS_FILE, 'utf8')

if (process.argv[1] === import.meta.filename) {
  writeFileSync(REASONS_FILE, await reasonsSource())
  process.stdout.write('src/client/service-reasons.ts is up to date\n')
}
