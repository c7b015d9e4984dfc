import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { makeDevelopmentKeys } from '../signing-keys.ts'
import type { Variables } from '../variables.ts'
import { startService, type RunningService } from '../workerd.ts'

/** A service on plain workerd with a state of its own that a proof may kill and start again. */
export interface ProvedService {
  readonly url: string
  readonly adminToken: string
  readonly dataDir: string
  /** `under` is that of `ServiceOptions`. */
  start(under?: readonly string[]): Promise<RunningService>
  /** Removes the state. The process must have ended. */
  forget(): void
}

/** The production bundle on a free port of loopback; nothing runs until `start`. */
export async function provedService(variables: Variables): Promise<ProvedService> {
  const [port, dataDir] = [await freePort(), mkdtempSync(join(tmpdir(), 'lso-trust-proof-'))]
  const [url, adminToken] = [`http://localhost:${String(port)}`, crypto.randomUUID()]
  const env = {
    PUBLIC_URL: url,
    ADMIN_TOKEN: adminToken,
    SIGNING_KEYS: JSON.stringify(await makeDevelopmentKeys()),
    RATE_LIMIT: '0',
    LOG_LEVEL: 'silent',
    ...variables,
  }
  return {
    url,
    adminToken,
    dataDir,
    start: (under = []) => startService({ port, dataDir, env, output: 'collect', under }),
    forget: () => {
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Runs `work` for 0 to `count - 1`, `parallel` at a time, and tells each tenth on standard error. */
export async function inParallel(
  what: string,
  { count, parallel }: { readonly count: number; readonly parallel: number },
  work: (number: number) => Promise<void>,
): Promise<void> {
  let [next, done] = [0, 0]
  const tenth = Math.max(1, Math.floor(count / 10))
  await Promise.all(
    Array.from({ length: parallel }, async () => {
      while (next < count) {
        await work(next++)
        if (++done % tenth === 0)
          process.stderr.write(`${what}: ${String(done)} of ${String(count)}\n`)
      }
    }),
  )
}

/** Prints the figures; the exit code is 1 unless all that must be 0 are. */
export function conclude(
  figures: Readonly<Record<string, unknown>>,
  wrong: Readonly<Record<string, number>>,
): void {
  process.stdout.write(`${JSON.stringify({ ...figures, ...wrong })}\n`)
  process.exitCode = Object.values(wrong).every((figure) => figure === 0) ? 0 : 1
}
