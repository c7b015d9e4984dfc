import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { writeDevVarsOnce } from '../../scripts/dev-vars.ts'
import { parseVariables } from '../../scripts/variables.ts'

const folder = mkdtempSync(join(tmpdir(), 'lso-trust-dev-vars-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

describe('.dev.vars', () => {
  it('is written by the first start with a token and a key for every algorithm, for its owner only', async () => {
    const file = join(folder, 'first')
    expect(await writeDevVarsOnce(file, 8787)).toBe(true)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const { PUBLIC_URL, ADMIN_TOKEN, SIGNING_KEYS } = parseVariables(readFileSync(file, 'utf8'))
    expect(PUBLIC_URL).toBe('http://localhost:8787')
    expect(ADMIN_TOKEN).toMatch(/^[A-Za-z0-9_-]{43}$/)
    const { keys } = JSON.parse(SIGNING_KEYS ?? '') as { keys: Record<string, string>[] }
    expect(keys.map(({ kid, alg }) => `${String(kid)} ${String(alg)}`)).toEqual([
      'dev-ed25519 EdDSA',
      'dev-p256 ES256',
      'dev-p384 ES384',
      'dev-rsa PS256',
    ])
  })

  it('is left as it is by every later start', async () => {
    const file = join(folder, 'second')
    await writeDevVarsOnce(file, 8787)
    const before = readFileSync(file, 'utf8')
    expect(await writeDevVarsOnce(file, 9999)).toBe(false)
    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  it('holds another token and other keys on another machine', async () => {
    const files = [join(folder, 'one'), join(folder, 'other')]
    for (const file of files) await writeDevVarsOnce(file, 8787)
    const [one, other] = files.map((file) => parseVariables(readFileSync(file, 'utf8')))
    expect(one?.ADMIN_TOKEN).not.toBe(other?.ADMIN_TOKEN)
    expect(one?.SIGNING_KEYS).not.toBe(other?.SIGNING_KEYS)
  })
})
