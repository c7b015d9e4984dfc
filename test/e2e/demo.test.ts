import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('the main job, as npm run demo tells it, holds step by step', () => {
  const demo = fileURLToPath(new URL('../../scripts/demo.ts', import.meta.url))
  const { status, stdout } = spawnSync(process.execPath, [...process.execArgv, demo], {
    encoding: 'utf8',
    timeout: 55_000,
  })
  expect(stdout).not.toContain('✗')
  expect(stdout).toContain('Every step held.')
  expect(status).toBe(0)
})
