import { env } from 'cloudflare:workers'
import { IssuerObject as StoredIssuer } from './adapters/durable/issuer-object.ts'
import { sha256 } from './adapters/system/sha256.ts'
import { createApp } from './app.ts'
import { readBindings } from './bindings.ts'
import { compose } from './compose.ts'
import { utf8 } from './domain/base64url.ts'
import { finishPending } from './use-cases/issue-credential.ts'

export { DirectoryObject } from './adapters/durable/directory-object.ts'
export { SpentValuesObject } from './adapters/durable/spent-values-object.ts'
export { VerifierObject } from './adapters/durable/verifier-object.ts'

// A fault in the configuration ends the start, with the variable's name.
const bindings = readBindings({ ...env })
const ports = compose(bindings)

const app = createApp(ports, {
  adminTokenHash: sha256.sha256(utf8(bindings.adminToken)),
  clientIpHeader: bindings.clientIpHeader,
})

/** The issuer's object with the alarm that needs the whole house: signing is not the storage's business. */
export class IssuerObject extends StoredIssuer {
  override async alarm(): Promise<void> {
    await super.alarm()
    const id = this.find()?.instance.id
    if (id === undefined || (await finishPending(ports, id)) === 'done') return
    this.watchPending(ports.clock.now())
  }
}

export default { fetch: (request: Request) => app.fetch(request) }
