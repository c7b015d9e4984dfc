import { randomBytes } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { makeDevelopmentKeys } from './signing-keys.ts'
import { formatVariables } from './variables.ts'

/**
 * Writes a configuration for development to `file`, readable by its owner only, and says whether it
 * did: a file that exists is left as it is. The keys and the token are new and belong to nobody else.
 */
export async function writeDevVarsOnce(file: string, port: number): Promise<boolean> {
  if (existsSync(file)) return false
  const text = formatVariables({
    PUBLIC_URL: `http://localhost:${port}`,
    ADMIN_TOKEN: randomBytes(32).toString('base64url'),
    SIGNING_KEYS: JSON.stringify(await makeDevelopmentKeys()),
  })
  writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
  return true
}
