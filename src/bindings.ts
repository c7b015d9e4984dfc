import type { DirectoryObject } from './adapters/durable/directory-object.ts'
import type { IssuerObject } from './adapters/durable/issuer-object.ts'
import type { SpentValuesObject } from './adapters/durable/spent-values-object.ts'
import type { VerifierObject } from './adapters/durable/verifier-object.ts'
import { readSigningKeys, type PrivateSigningKey } from './adapters/jose/signing-keys.ts'
import { LOG_LEVELS, type LogLevel } from './adapters/system/json-events.ts'
import {
  DEFAULT_RATE_PER_MINUTE,
  KEY_OVERLAP_SECONDS,
  STATUS_LIST_ENTRIES,
  STATUS_LIST_FILL,
} from './domain/limits.ts'

/** What the platform hands in, before anybody looked at it. */
export type UncheckedBindings = Readonly<Record<string, unknown>>

/** The configuration of the service, complete and checked. */
export interface Bindings {
  readonly publicUrl: string
  readonly adminToken: string
  readonly signingKeys: readonly PrivateSigningKey[]
  /** Development hosts, `host:port`, with their own way out where the platform bound one. */
  readonly localHosts: ReadonlyMap<string, Fetcher | undefined>
  /** Requests per minute and caller on public endpoints; 0 lifts the limit. */
  readonly ratePerMinute: number
  readonly clientIpHeader: string | undefined
  readonly logLevel: LogLevel
  /** Entries of a status list that may be taken before the next list is opened. */
  readonly statusListThreshold: number
  /** How long a new key is listed at least before it signs. */
  readonly keyOverlapSeconds: number
  readonly objects: {
    readonly issuers: DurableObjectNamespace<IssuerObject>
    readonly verifiers: DurableObjectNamespace<VerifierObject>
    readonly directory: DurableObjectNamespace<DirectoryObject>
    readonly spentValues: DurableObjectNamespace<SpentValuesObject>
  }
}

/** Says which variable is at fault and how to mend it, and nothing of its value. */
class ConfigurationFault extends Error {
  override readonly name = 'ConfigurationFault'

  constructor(variable: string, mend: string) {
    super(`${variable} ${mend}`)
  }
}

/** Checks the configuration at the door. Throws a `ConfigurationFault` for the first thing missing or malformed. */
export function readBindings(env: UncheckedBindings): Bindings {
  const publicUrl = readPublicUrl(env)
  return {
    publicUrl: publicUrl.origin,
    adminToken: readAdminToken(env),
    signingKeys: readKeys(env),
    localHosts: readLocalHosts(env, publicUrl),
    ratePerMinute: readRate(env),
    clientIpHeader: readHeaderName(env),
    logLevel: readLogLevel(env),
    statusListThreshold: readListThreshold(env),
    keyOverlapSeconds: readOverlap(env, publicUrl),
    objects: {
      issuers: namespace(env, 'ISSUERS'),
      verifiers: namespace(env, 'VERIFIERS'),
      directory: namespace(env, 'DIRECTORY'),
      spentValues: namespace(env, 'SPENT_VALUES'),
    },
  }
}

/** An empty value is an absent one: plain workerd cannot leave a variable out. */
function optional(env: UncheckedBindings, name: string): string | undefined {
  const value = env[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') throw new ConfigurationFault(name, 'must be a text')
  return value
}

function required(env: UncheckedBindings, name: string): string {
  const value = optional(env, name)
  if (value === undefined) throw new ConfigurationFault(name, 'is missing')
  return value
}

const LOCAL_NAMES: readonly string[] = ['localhost', '127.0.0.1']
const HOST_NAME = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z](?:[a-z0-9-]*[a-z0-9])?$/

function readPublicUrl(env: UncheckedBindings): URL {
  const name = 'PUBLIC_URL'
  const text = required(env, name)
  const url = URL.parse(text)
  if (url === null || (text !== url.origin && text !== `${url.origin}/`)) {
    throw new ConfigurationFault(
      name,
      'must be an origin such as https://trust.example, without a path',
    )
  }
  if (!HOST_NAME.test(url.hostname)) {
    throw new ConfigurationFault(name, 'must have a host name: an IP address makes no did:web')
  }
  if (
    url.protocol !== 'https:' &&
    !(url.protocol === 'http:' && LOCAL_NAMES.includes(url.hostname))
  ) {
    throw new ConfigurationFault(
      name,
      'must begin with https://, but for http://localhost in development',
    )
  }
  return url
}

function readAdminToken(env: UncheckedBindings): string {
  const token = required(env, 'ADMIN_TOKEN')
  if (!/^[A-Za-z0-9._~+/-]+=*$/.test(token)) {
    throw new ConfigurationFault(
      'ADMIN_TOKEN',
      'must be a bearer token: letters, digits and -._~+/ only',
    )
  }
  return token
}

function readKeys(env: UncheckedBindings): readonly PrivateSigningKey[] {
  const keys = readSigningKeys(required(env, 'SIGNING_KEYS'))
  if (keys.ok) return keys.value
  throw new ConfigurationFault(`SIGNING_KEYS ${keys.refusal.at}`.trim(), keys.refusal.fault)
}

const HOST_AND_PORT = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?:\d{1,5}$/

/** Honoured only in development; entry n is bound as `LOCAL_HOST_n` where the platform binds hosts. */
function readLocalHosts(
  env: UncheckedBindings,
  publicUrl: URL,
): ReadonlyMap<string, Fetcher | undefined> {
  const name = 'DID_WEB_LOCAL_HOSTS'
  const hosts = (optional(env, name) ?? '').split(',').map((host) => host.trim())
  const named = hosts.filter((host) => host !== '')
  for (const host of named) {
    if (!HOST_AND_PORT.test(host)) {
      throw new ConfigurationFault(name, 'must be a comma-separated list of host:port')
    }
  }
  if (!LOCAL_NAMES.includes(publicUrl.hostname)) return new Map()
  return new Map(
    named.map((host, at) => [host, env[`LOCAL_HOST_${String(at)}`] as Fetcher | undefined]),
  )
}

function readRate(env: UncheckedBindings): number {
  const text = optional(env, 'RATE_LIMIT') ?? String(DEFAULT_RATE_PER_MINUTE)
  if (!/^\d{1,9}$/.test(text)) {
    throw new ConfigurationFault(
      'RATE_LIMIT',
      'must be a whole number of requests per minute, or 0',
    )
  }
  return Number(text)
}

function readHeaderName(env: UncheckedBindings): string | undefined {
  const name = optional(env, 'CLIENT_IP_HEADER')
  if (name !== undefined && !/^[A-Za-z0-9-]{1,64}$/.test(name)) {
    throw new ConfigurationFault('CLIENT_IP_HEADER', 'must be the name of a header')
  }
  return name
}

function readLogLevel(env: UncheckedBindings): LogLevel {
  const text = optional(env, 'LOG_LEVEL') ?? 'info'
  const level = LOG_LEVELS.find((known) => known === text)
  if (level === undefined) {
    throw new ConfigurationFault('LOG_LEVEL', `must be one of ${LOG_LEVELS.join(', ')}`)
  }
  return level
}

/** The most there may be: indexes are drawn at random, and the fuller a list the more draws are in vain. */
const MAX_LIST_THRESHOLD = Math.floor(STATUS_LIST_ENTRIES * STATUS_LIST_FILL)

function readListThreshold(env: UncheckedBindings): number {
  const text = optional(env, 'STATUS_LIST_THRESHOLD') ?? String(MAX_LIST_THRESHOLD)
  if (!/^[1-9]\d{0,5}$/.test(text) || Number(text) > MAX_LIST_THRESHOLD) {
    throw new ConfigurationFault(
      'STATUS_LIST_THRESHOLD',
      `must be a whole number from 1 to ${String(MAX_LIST_THRESHOLD)}`,
    )
  }
  return Number(text)
}

/** Shorter than the caches of everybody else only in development, where there is nobody else. */
function readOverlap(env: UncheckedBindings, publicUrl: URL): number {
  const name = 'KEY_OVERLAP_SECONDS'
  const text = optional(env, name) ?? String(KEY_OVERLAP_SECONDS)
  if (!/^\d{1,7}$/.test(text)) {
    throw new ConfigurationFault(name, 'must be a whole number of seconds')
  }
  const seconds = Number(text)
  return LOCAL_NAMES.includes(publicUrl.hostname) ? seconds : Math.max(seconds, KEY_OVERLAP_SECONDS)
}

function namespace<Class extends Rpc.DurableObjectBranded>(
  env: UncheckedBindings,
  name: string,
): DurableObjectNamespace<Class> {
  const bound = env[name]
  if (typeof bound !== 'object' || bound === null) {
    throw new ConfigurationFault(name, 'is not bound to its Durable Object class')
  }
  return bound as DurableObjectNamespace<Class>
}
