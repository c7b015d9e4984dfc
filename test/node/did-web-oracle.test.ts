import { createServer, request as httpRequest, type RequestOptions, type Server } from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { Resolver } from 'did-resolver'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { getResolver } from 'web-did-resolver'
import { createDidResolver } from '../../src/adapters/did/create-did-resolver.ts'
import { createGuardedFetch } from '../../src/adapters/fetch/guarded-fetch.ts'
import { didWebUrl } from '../../src/domain/did/did-web.ts'
import { didOf, NOW } from '../support/did-documents.ts'
import { NOTHING_HOSTED, setClock } from '../support/fake-fetch.ts'

/** Who was asked for what, by `https://host/path`, in the order of the questions. */
const asked: string[] = []
/** Answers every host with the document of the DID that leads there. */
const server: Server = createServer((request, response) => {
  const url = `https://${request.headers.host ?? ''}${request.url ?? ''}`
  asked.push(url)
  const id = DIDS.find((did) => urlOf(did) === url)
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ id }))
})
let port = 0
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ;({ port } = server.address() as AddressInfo)
  // The library holds its fetch fast; this is the last place where a test can turn it to loopback.
  vi.spyOn(https, 'request').mockImplementation(((options: RequestOptions) =>
    httpRequest({
      path: options.path,
      headers: { host: options.host ?? options.hostname ?? '' },
      host: '127.0.0.1',
      port,
    })) as typeof https.request)
})
afterAll(async () => {
  vi.restoreAllMocks()
  await new Promise((resolve) => server.close(resolve))
})

const DIDS = [
  'did:web:client.example',
  'did:web:a.b.client.example',
  'did:web:client.example:users',
  'did:web:client.example:users:alice',
  'did:web:client.example:8443',
  'did:web:xn--exmple-cua.example:a-b_c.d',
]
function urlOf(did: string): string {
  const url = didWebUrl(didOf(did))
  return url.ok ? url.value : ''
}

describe('did:web beside web-did-resolver', () => {
  it.each(DIDS)('asks the same address for %s and finds the same document', async (text) => {
    const did = didOf(text)
    const theirs = await new Resolver(getResolver()).resolve(did)
    expect(asked.at(-1)).toBe(urlOf(did))
    expect(theirs.didDocument?.id).toBe(did)
    const clock = setClock(NOW)
    const guarded = createGuardedFetch({
      clock,
      localHosts: new Map(),
      fetch: async (url) => {
        expect(url).toBe(asked.at(-1))
        return Response.json(theirs.didDocument)
      },
    })
    const options = { clock, fetch: guarded, hosted: NOTHING_HOSTED }
    const ours = await createDidResolver(options).resolve(did)
    expect(ours.ok && ours.value.document.source).toEqual(theirs.didDocument)
  })
})
