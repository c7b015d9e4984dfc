import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

interface Lockfile {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>
}

const lockfile = JSON.parse(
  readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8'),
) as Lockfile

/** Two copies would mean two sets of defects, and types that do not fit each other. */
it.each([
  'did-jwt',
  'did-jwt-vc',
  'did-resolver',
  'key-did-resolver',
  'web-did-resolver',
  'jose',
  'workerd',
])('H20: there is one copy of %s', (name) => {
  const copies = Object.keys(lockfile.packages).filter(
    (path) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`),
  )
  expect(copies).toEqual([`node_modules/${name}`])
})
