import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Resolver } from 'did-resolver'
import { getResolver } from 'key-did-resolver'

/** did-resolver and key-did-resolver behind Node's own HTTP server, without a cache. Forked; tells its port. */
const resolver = new Resolver(getResolver())
const PREFIX = '/1.0/identifiers/'

const server = createServer((request, answer) => {
  const did = decodeURIComponent((request.url ?? '').slice(PREFIX.length))
  void resolver.resolve(did).then((result) => {
    const status = result.didDocument === null ? 400 : 200
    answer
      .writeHead(status, { 'Content-Type': 'application/did-resolution' })
      .end(JSON.stringify(result))
  })
}).listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))

process.once('disconnect', () => process.exit())
