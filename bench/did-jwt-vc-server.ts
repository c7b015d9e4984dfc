import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { didJwtVcAnswer } from './did-jwt-vc.ts'

/** did-jwt-vc behind Node's own HTTP server; the path names the key. Forked; tells its port. */
const server = createServer((request, answer) => {
  void text(request)
    .then((body) => didJwtVcAnswer(body, (request.url ?? '').slice(1)))
    .then((report) => answer.writeHead(200, { 'Content-Type': 'application/json' }).end(report))
}).listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))

process.once('disconnect', () => process.exit())
