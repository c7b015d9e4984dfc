import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { OwnServer } from './scenario.ts'

/** Starts `bench/<name>-server.ts`, which tells its port, in a process of its own. */
export async function forkedServer(
  name: string,
): Promise<{ readonly server: OwnServer; close(): Promise<void> }> {
  const child = fork(fileURLToPath(new URL(`${name}-server.ts`, import.meta.url)))
  const [port] = (await once(child, 'message')) as [number]
  return {
    server: { origin: `http://127.0.0.1:${port}`, pid: child.pid ?? 0 },
    close: async () => {
      child.disconnect()
      await once(child, 'exit')
    },
  }
}
