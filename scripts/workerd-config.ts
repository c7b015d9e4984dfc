import type { BuiltWorker } from './bundle.ts'
import { VARIABLES } from './variables.ts'

/** One Worker on one port of a workerd process. */
export interface ServedWorker {
  readonly worker: BuiltWorker
  readonly port: number
}

export interface WorkerdOptions {
  readonly service: ServedWorker
  /** `host:port` of each local host, in the order of `DID_WEB_LOCAL_HOSTS`. */
  readonly localHosts: readonly string[]
  /** Absolute path of the folder that holds the Durable Objects. */
  readonly dataDir: string
  /** Workers without state or bindings in the same process, on ports of their own. */
  readonly beside: readonly ServedWorker[]
}

/**
 * Addresses that workerd counts as public and that are not the public internet, or that lead to one
 * that is not: this network, protocol assignments, documentation, benchmarks, multicast and reserved;
 * of IPv6 all but 2000::/3, and in it the ranges that carry an IPv4 address (NAT64, 6to4, Teredo).
 */
const NOT_PUBLIC = [
  ...['0.0.0.0/8', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
  ...['64:ff9b::/96', '::/3', '4000::/2', '8000::/1'],
  ...['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
]

/**
 * A configuration of plain workerd in Cap'n Proto's text form; its constant is `config`. No value of
 * a variable stands in it: workerd takes those from its environment, and an absent one is `null`.
 */
export function workerdConfig({ service, localHosts, dataDir, beside }: WorkerdOptions): string {
  const served = [service, ...beside]
  return `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = ${list([
    serviceOf(service.worker, localHosts),
    ...beside.map(({ worker }) => serviceOf(worker, [])),
    `(name = "internet", network = (
      allow = ["public"],
      deny = [${NOT_PUBLIC.map(quoted).join(', ')}],
      tlsOptions = (trustBrowserCas = true)))`,
    `(name = "state", disk = (path = ${quoted(dataDir)}, writable = true))`,
    ...localHosts.map(
      (host, n) => `(name = "local-host-${n}", external = (address = ${quoted(host)}, http = ()))`,
    ),
  ])},
  sockets = ${list(served.map(socketOf))},
);
`
}

/** The namespace of a Durable Object class: also the name of its folder. It must never change. */
const uniqueKey = (worker: BuiltWorker, className: string): string => `${worker.name}-${className}`

function serviceOf(worker: BuiltWorker, localHosts: readonly string[]): string {
  const objects = worker.durableObjects
  const bindings = [
    ...(objects.length === 0
      ? []
      : VARIABLES.map((name) => `(name = "${name}", fromEnvironment = "${name}")`)),
    ...objects.map(
      (each) =>
        `(name = ${quoted(each.binding)}, durableObjectNamespace = (className = ${quoted(each.className)}))`,
    ),
    ...localHosts.map((_, n) => `(name = "LOCAL_HOST_${n}", service = "local-host-${n}")`),
  ]
  const namespaces = objects.map(
    (each) =>
      `(className = ${quoted(each.className)}, uniqueKey = ${quoted(uniqueKey(worker, each.className))}, enableSql = true)`,
  )
  return `(name = ${quoted(worker.name)}, worker = (
      modules = [(name = "index.js", esModule = embed ${quoted(worker.bundle)})],
      compatibilityDate = ${quoted(worker.compatibilityDate)},
      compatibilityFlags = [${worker.compatibilityFlags.map(quoted).join(', ')}],
      bindings = ${list(bindings)},
      durableObjectNamespaces = ${list(namespaces)},
      ${objects.length === 0 ? '' : 'durableObjectStorage = (localDisk = "state"),'}
      globalOutbound = "internet"))`
}

const socketOf = ({ worker, port }: ServedWorker): string =>
  `(name = ${quoted(worker.name)}, address = "*:${port}", http = (), service = ${quoted(worker.name)})`

const list = (items: readonly string[]): string =>
  items.length === 0 ? '[]' : `[\n    ${items.join(',\n    ')},\n  ]`

/** A Cap'n Proto text literal. Paths and names only: control characters have no business in them. */
function quoted(text: string): string {
  if (/\p{Cc}/u.test(text)) throw new Error('a path or name holds a control character')
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
