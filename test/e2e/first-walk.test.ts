import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PROJECT } from '../../scripts/project.ts'
import { startTestService } from '../support/service.ts'

/** The walk in the README: every line of its blocks, in one shell, as its readers would type them. */
const walk = (): string => {
  const [, section = ''] = readFileSync(join(PROJECT, 'README.md'), 'utf8').split('## A first walk')
  const [own = ''] = section.split('\n## ')
  return [...own.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = '']) => block).join('\n')
}

/** What a shell writes that runs `script` in `folder`, and how it ends. */
function sh(folder: string, script: string): Promise<{ code: number | null; output: string }> {
  const child = spawn('bash', ['-euc', script], { cwd: folder })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, output })
    })
  })
}

it('the first walk of the README issues, resolves, verifies, revokes, and verifies again', async () => {
  const service = await startTestService({})
  const folder = mkdtempSync(join(tmpdir(), 'lso-first-walk-'))
  try {
    writeFileSync(join(folder, '.dev.vars'), `ADMIN_TOKEN='${service.adminToken}'\n`)
    const script = walk().replaceAll('8787', new URL(service.url).port)
    expect(script.split('\n').length).toBeGreaterThan(40)
    const { code, output } = await sh(folder, script)
    const statuses = [...output.matchAll(/^(\d{3})$/gm)].map(([, status]) => status)
    expect({ code, output, statuses }).toMatchObject({
      code: 0,
      // The credential, its DID, the client, verified, revoked, verified again.
      statuses: ['201', '200', '200', '200', '201', '200', '200', '400'],
    })
    expect(output).toContain('"verified":true')
    expect(output).toContain('"code":"revoked"')
  } finally {
    await service.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})
