import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseVariables, variablesOf, type Variables } from './variables.ts'

/** The folder of the project, whatever the current directory is. */
export const PROJECT = fileURLToPath(new URL('..', import.meta.url))

/** Where development keeps its configuration; git ignores it. */
export const DEV_VARS = fileURLToPath(new URL('../.dev.vars', import.meta.url))

/** `.dev.vars`, overlaid with what is set in the environment. */
export function configuredVariables(): Variables {
  return { ...parseVariables(textOf(DEV_VARS)), ...variablesOf(process.env) }
}

/** `PORT`, 8787 when it is absent. Throws when it is no port. */
export function configuredPort(): number {
  const text = process.env['PORT'] ?? '8787'
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw new Error('PORT must be a number from 1 to 65535')
  return port
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return ''
    throw cause
  }
}
