import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

/** Runs a proof of `scripts/proofs` with options of its own and answers its figures; it must succeed. */
export function figuresOf(
  proof: string,
  options: readonly string[],
): Readonly<Record<string, unknown>> {
  const script = fileURLToPath(new URL(`../../scripts/proofs/${proof}.ts`, import.meta.url))
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...process.execArgv, script, ...options],
    { encoding: 'utf8', timeout: 55_000 },
  )
  expect(stderr).not.toContain('Error')
  const figures = JSON.parse(stdout) as Readonly<Record<string, unknown>>
  expect(status, stdout).toBe(0)
  return figures
}
