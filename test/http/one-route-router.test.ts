import { describe, expect, it } from 'vitest'
import { oneRouteRouter } from '../../src/http/one-route-router.ts'

const router = oneRouteRouter<string>()
const ROUTES = [
  ['GET', '/health'],
  ['GET', '/issuers/:id/credentials/:cid'],
  ['POST', '/issuers/:id/credentials/issue'],
  ['GET', '/issuers/:id/credentials/:cid/history'],
  ['GET', '/verifiers/:id/clients/:client_id'],
  ['GET', '/verifiers/:id/clients/changes'],
  ['GET', '/verifiers/:id/clients/:client_id/status'],
  ['GET', '/1.0/identifiers/*'],
  ['ALL', '/admin/*'],
  ['GET', '/admin/issuers/:id'],
  ['POST', '/admin/issuers/import'],
] as const
for (const [method, path] of ROUTES) router.add(method, path, `${method} ${path}`)

/** What Hono is told: the route with the texts of its parameters. */
const found = (method: string, path: string) => {
  const [matches] = router.match(method, path)
  return matches.length === 0 ? 'nothing' : matches
}

describe('the router for an app in which one route answers', () => {
  it('takes no second handler for the same requests, which might be a guard', () => {
    const other = oneRouteRouter<string>()
    other.add('GET', '/a', 'first')
    other.add('POST', '/a', 'another method')
    expect(() => {
      other.add('GET', '/a', 'second')
    }).toThrow('two handlers for GET /a')
  })

  it.each([
    ['GET', '/health', 'GET /health', {}],
    ['GET', '/issuers/a/credentials/b', 'GET /issuers/:id/credentials/:cid', { id: 'a', cid: 'b' }],
    [
      'GET',
      '/issuers/a/credentials/issue',
      'GET /issuers/:id/credentials/:cid',
      { id: 'a', cid: 'issue' },
    ],
    ['POST', '/issuers/a/credentials/issue', 'POST /issuers/:id/credentials/issue', { id: 'a' }],
    ['GET', '/verifiers/a/clients/changes', 'GET /verifiers/:id/clients/changes', { id: 'a' }],
    [
      'GET',
      '/verifiers/a/clients/changes/status',
      'GET /verifiers/:id/clients/:client_id/status',
      { id: 'a', client_id: 'changes' },
    ],
    [
      'GET',
      '/verifiers/a/clients/did%3Aweb%3Ab',
      'GET /verifiers/:id/clients/:client_id',
      { id: 'a', client_id: 'did%3Aweb%3Ab' },
    ],
    ['GET', '/1.0/identifiers', 'GET /1.0/identifiers/*', {}],
    ['GET', '/1.0/identifiers/did:web:a/b/c', 'GET /1.0/identifiers/*', {}],
    ['GET', '/admin/issuers/import', 'GET /admin/issuers/:id', { id: 'import' }],
    ['POST', '/admin/issuers/import', 'POST /admin/issuers/import', {}],
    ['POST', '/admin/issuers/other', 'ALL /admin/*', {}],
    ['PROPFIND', '/admin', 'ALL /admin/*', {}],
  ])('%s %s is answered by %s', (method, path, route, parameters) => {
    expect(found(method, path)).toEqual([[route, parameters]])
  })

  it.each([
    ['GET', '/'],
    ['GET', '/Health'],
    ['GET', '/health/'],
    ['GET', '//health'],
    ['POST', '/health'],
    ['GET', '/issuers//credentials/b'],
    ['GET', '/issuers/a/credentials/'],
    ['GET', '/issuers/a/credentials'],
    ['GET', '/issuers/a/credentials/b/c'],
    ['GET', '/issuers/:id'],
    ['GET', '/constructor'],
    ['GET', '/1.0/identifiersX'],
  ])('%s %s is answered by nothing', (method, path) => {
    expect(found(method, path)).toBe('nothing')
  })
})
