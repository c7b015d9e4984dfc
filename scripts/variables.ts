import { parseEnv } from 'node:util'

/** The configuration of the service: every name that it reads from its environment. */
export const VARIABLES = [
  'PUBLIC_URL',
  'ADMIN_TOKEN',
  'SIGNING_KEYS',
  'DID_WEB_LOCAL_HOSTS',
  'RATE_LIMIT',
  'CLIENT_IP_HEADER',
  'LOG_LEVEL',
  'STATUS_LIST_THRESHOLD',
  'KEY_OVERLAP_SECONDS',
] as const
export type Variable = (typeof VARIABLES)[number]

/** What is set of the configuration. What the service makes of it, and what it misses, is its own business. */
export type Variables = Readonly<Partial<Record<Variable, string>>>

/** The service's own variables out of an environment; everything else in it stays outside. */
export const variablesOf = (environment: Readonly<Record<string, string | undefined>>): Variables =>
  Object.fromEntries(
    VARIABLES.map((name) => [name, environment[name]] as const).filter(
      ([, value]) => value !== undefined,
    ),
  )

/** The service's own variables out of the text of a `.dev.vars` file. */
export const parseVariables = (text: string): Variables => variablesOf(parseEnv(text))

/** The text of a `.dev.vars` file. Throws for a value that no kind of quotes can hold. */
export const formatVariables = (variables: Variables): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(name, value)}\n`)
    .join('')

function quoted(name: string, value: string): string {
  const quote = ["'", '`'].find((mark) => !value.includes(mark))
  if (quote === undefined) throw new Error(`${name} holds both ' and \``)
  return quote + value + quote
}

const LOCAL_HOST = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?:(\d{1,5})$/

/**
 * The entries of `DID_WEB_LOCAL_HOSTS`, in their order: entry n is bound as `LOCAL_HOST_n`.
 * None unless `PUBLIC_URL` is on localhost or 127.0.0.1. Throws for an entry that is not `host:port`.
 */
export function localHostsOf(variables: Variables): readonly string[] {
  const entries = (variables.DID_WEB_LOCAL_HOSTS ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  for (const entry of entries) {
    const port = Number(LOCAL_HOST.exec(entry)?.[1])
    if (!(port >= 1 && port <= 65_535))
      throw new Error('DID_WEB_LOCAL_HOSTS must be a comma-separated list of host:port')
  }
  return isLocal(variables.PUBLIC_URL) ? entries : []
}

function isLocal(publicUrl: string | undefined): boolean {
  const url = URL.parse(publicUrl ?? '')
  return url?.hostname === 'localhost' || url?.hostname === '127.0.0.1'
}
