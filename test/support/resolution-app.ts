import { Hono } from 'hono'
import { createDidResolver } from '../../src/adapters/did/create-did-resolver.ts'
import { sha256 } from '../../src/adapters/system/sha256.ts'
import type { AppEnv } from '../../src/http/app-env.ts'
import { clients } from '../../src/http/routes/clients.ts'
import { identifiers } from '../../src/http/routes/identifiers.ts'
import type { DidResolver } from '../../src/ports/did-resolver.ts'
import type { Ports } from '../../src/ports/index.ts'
import { NOW } from './did-documents.ts'
import { fakeFetch, NOTHING_HOSTED, setClock, type HostAnswer } from './fake-fetch.ts'

export const PUBLIC_URL = 'https://trust.example'

/** The two routers about DIDs, mounted as the service mounts them, over hosts that answer as told. */
export function resolutionApp(hosts: Readonly<Record<string, HostAnswer>> = {}) {
  const clock = setClock(NOW)
  const fetch = fakeFetch(hosts)
  const didResolver: DidResolver = createDidResolver({ clock, fetch, hosted: NOTHING_HOSTED })
  const digest = { ...sha256 }
  // These routers use no other port.
  const ports = { publicUrl: PUBLIC_URL, clock, didResolver, digest } as unknown as Ports
  const app = new Hono<AppEnv>()
    .use(async (c, next) => {
      c.set('ports', ports)
      c.set('requestId', 'request-1')
      c.set('caller', '192.0.2.1')
      await next()
    })
    .route('/1.0/identifiers', identifiers)
    .route('/clients', clients)
  return {
    clock,
    fetch,
    digest,
    get: (path: string, headers: Readonly<Record<string, string>> = {}) =>
      app.request(path, { headers }),
  }
}

/** The body as text, whatever its media type; workerd warns of `text()` on types that it does not know. */
export const textOf = async (response: Response): Promise<string> =>
  new TextDecoder().decode(await response.arrayBuffer())
