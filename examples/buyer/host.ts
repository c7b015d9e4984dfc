import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

/*
 * NOTE: stands in for the buyer's web server: serves one did.json, read anew each time, on loopback.
 * PORT and DID_JSON say where and what.
 */
const { PORT = '8788', DID_JSON = 'did.json' } = process.env
createServer((request, response) => {
  const found = request.url === '/.well-known/did.json'
  response.writeHead(found ? 200 : 404, { 'Content-Type': 'application/did+json' })
  response.end(found ? readFileSync(DID_JSON) : '')
}).listen(Number(PORT), 'localhost', () => {
  console.log(`listening on http://localhost:${PORT}`)
})
