import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../scripts/free-port.ts'
import { makeDevelopmentKeys } from '../../scripts/signing-keys.ts'
import type { Variables } from '../../scripts/variables.ts'
import { startService, type RunningService } from '../../scripts/workerd.ts'

/** A service on plain workerd with a state of its own, for one test file. */
export interface TestService {
  /** Its `PUBLIC_URL`: where it is reached, and what the URLs it mints begin with. */
  readonly url: string
  readonly adminToken: string
  readonly dataDir: string
  /** What it has written since it was last started. */
  output(): string
  /** SIGKILL and a new start over the same state. */
  killAndRestart(): Promise<void>
  /** Ends it and removes its state. */
  stop(): Promise<void>
}

/** Starts the production bundle on a free port of loopback. `variables` win over those made here. */
export async function startTestService(variables: Variables): Promise<TestService> {
  const port = await freePort()
  const dataDir = await mkdtemp(join(tmpdir(), 'lso-trust-'))
  const adminToken = variables.ADMIN_TOKEN ?? randomBytes(32).toString('base64url')
  const url = variables.PUBLIC_URL ?? `http://localhost:${String(port)}`
  const env: Variables = {
    SIGNING_KEYS: JSON.stringify(await makeDevelopmentKeys()),
    ...variables,
    PUBLIC_URL: url,
    ADMIN_TOKEN: adminToken,
  }
  const start = (): Promise<RunningService> =>
    startService({ port, dataDir, env, output: 'collect' })
  let service = await start()
  return {
    url: service.url,
    adminToken,
    dataDir,
    output: () => service.output(),
    killAndRestart: async () => {
      await service.kill()
      service = await start()
    },
    stop: async () => {
      await service.kill()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
