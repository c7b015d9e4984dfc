import { env } from 'cloudflare:workers'
import { IssuerObject as StoredIssuer } from './adapters/durable/issuer-object.ts'
import { VerifierObject as StoredVerifier } from './adapters/durable/verifier-object.ts'
import { sha256 } from './adapters/system/sha256.ts'
import { createApp } from './app.ts'
import { readBindings } from './bindings.ts'
import { compose } from './compose.ts'
import { utf8 } from './domain/base64url.ts'
import type { Change } from './ports/change.ts'
import type { CredentialDraft } from './ports/issuer-store.ts'
import { followDueClients } from './use-cases/follow-clients.ts'
import { finishPending, issueDraft } from './use-cases/issue-credential.ts'

export { DirectoryObject } from './adapters/durable/directory-object.ts'
export { SpentValuesObject } from './adapters/durable/spent-values-object.ts'

// A fault in the configuration ends the start, with the variable's name.
const bindings = readBindings({ ...env })
const ports = compose(bindings)

const app = createApp(ports, {
  adminTokenHash: sha256.sha256(utf8(bindings.adminToken)),
  clientIpHeader: bindings.clientIpHeader,
})

/** The issuer's object with what needs the whole house: signing is not the storage's business. */
export class IssuerObject extends StoredIssuer {
  constructor(state: DurableObjectState, unchecked: unknown) {
    super(state, unchecked, bindings.statusListThreshold)
  }

  protected override issue(draft: CredentialDraft, change: Change): ReturnType<typeof issueDraft> {
    return this.together(() =>
      issueDraft({ ...ports, issuers: this.rows }, this.record(), draft, change),
    )
  }

  override async alarm(): Promise<void> {
    await super.alarm()
    const id = this.find()?.instance.id
    if (id === undefined || (await finishPending(ports, id)) === 'done') return
    this.watchPending(ports.clock.now())
  }
}

/** The verifier's object with what looks at its clients: fetching is not the storage's business. */
export class VerifierObject extends StoredVerifier {
  override async alarm(): Promise<void> {
    await super.alarm()
    const id = this.find()?.instance.id
    if (id !== undefined) await followDueClients(ports, id)
    this.watch()
  }
}

export default { fetch: (request: Request) => app.fetch(request) }
