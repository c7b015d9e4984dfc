import { readdirSync, readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { runInThisContext } from 'node:vm'

/** A piece of code that people read, and where. */
export interface Example {
  readonly where: string
  readonly code: string
}

/** The `@example`s in the comments of the files of a folder. */
export function examplesIn(folder: string): readonly Example[] {
  return readdirSync(folder).flatMap((file) => {
    const source = readFileSync(join(folder, file), 'utf8')
    return [...source.matchAll(/^( *)\* @example\n((?: *\*(?: .*)?\n)+?) *(?:\* @|\*\/)/gm)].map(
      ([, , body = ''], at) => ({
        where: `${file} ${at + 1}`,
        code: body.replace(/^ *\* ?/gm, ''),
      }),
    )
  })
}

/** The code blocks of one language in a page of Markdown, in their order. */
export function blocksIn(file: string, language: string): readonly string[] {
  const blocks = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm')
  return [...readFileSync(file, 'utf8').matchAll(blocks)].map(([, block = '']) => block)
}

/**
 * Runs TypeScript with the names in `scope`, and answers with every `expression // → value` in it as a
 * pair of what it came to and what it should have.
 */
export async function runExample(
  code: string,
  scope: Readonly<Record<string, unknown>>,
): Promise<readonly (readonly [seen: unknown, expected: unknown])[]> {
  const seen: (readonly [unknown, unknown])[] = []
  const checked = code
    .replace(/^import .* from 'lso-trust\/client'$/gm, '')
    .replace(/^(.+?) \/\/ → (.+)$/gm, 'sees($1, $2)')
  // Names that an example declares itself hide those of the scope.
  const source = `async ({ ${[...Object.keys(scope), 'sees'].join(', ')} }) => {{\n${checked}\n}}`
  const run = runInThisContext(stripTypeScriptTypes(source)) as (scope: object) => Promise<void>
  await run({ ...scope, sees: (value: unknown, expected: unknown) => seen.push([value, expected]) })
  return seen
}
