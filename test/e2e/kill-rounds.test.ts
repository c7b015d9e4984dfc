import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

it('G1, H16: two rounds of kill -9 under load lose nothing that was acknowledged', () => {
  const proof = fileURLToPath(new URL('../../scripts/proofs/kill-rounds.ts', import.meta.url))
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...process.execArgv, proof, '--rounds', '2', '--clients', '8', '--milliseconds', '800'],
    { encoding: 'utf8', timeout: 55_000 },
  )
  expect(stderr).not.toContain('Error')
  expect(JSON.parse(stdout)).toMatchObject({
    killed: 2,
    lost: 0,
    duplicatePlaces: 0,
    auditBroken: 0,
  })
  expect(status).toBe(0)
})
