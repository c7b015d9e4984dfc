import { env } from 'cloudflare:workers'
import { sha256 } from './adapters/system/sha256.ts'
import { createApp } from './app.ts'
import { readBindings } from './bindings.ts'
import { compose } from './compose.ts'
import { utf8 } from './domain/base64url.ts'

export { DirectoryObject } from './adapters/durable/directory-object.ts'
export { IssuerObject } from './adapters/durable/issuer-object.ts'
export { SpentValuesObject } from './adapters/durable/spent-values-object.ts'
export { VerifierObject } from './adapters/durable/verifier-object.ts'

// A fault in the configuration ends the start, with the variable's name.
const bindings = readBindings(env as unknown as Readonly<Record<string, unknown>>)

const app = createApp(compose(bindings), {
  adminTokenHash: sha256.sha256(utf8(bindings.adminToken)),
  clientIpHeader: bindings.clientIpHeader,
})

export default { fetch: (request: Request) => app.fetch(request) }
