import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { BuiltWorker } from '../scripts/bundle.ts'
import { PROJECT } from '../scripts/project.ts'
import { describeWorker } from '../scripts/worker-description.ts'
import type { Beside } from './scenario.ts'

/** Builds `bench/<name>-worker.ts`, to run under the compatibility date and flags of the service. */
export async function builtBeside({ name, durableObjects = [] }: Beside): Promise<BuiltWorker> {
  const bundle = join(PROJECT, 'dist', name, 'index.js')
  await build({
    entryPoints: [fileURLToPath(new URL(`${name}-worker.ts`, import.meta.url))],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    external: ['cloudflare:*'],
    target: 'es2024',
    logLevel: 'error',
  })
  const service = describeWorker(readFileSync(join(PROJECT, 'wrangler.toml'), 'utf8'))
  return { ...service, name, durableObjects, bundle }
}
