import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'

/** A listener on loopback that counts who comes, says nothing and lets everybody go. */
export interface Canary {
  readonly port: number
  readonly visits: () => number
  readonly close: () => Promise<void>
}

export async function startCanary(): Promise<Canary> {
  let visits = 0
  const count = (socket: Socket): void => {
    visits++
    socket.destroy()
  }
  const v4 = createServer(count)
  const port = await listen(v4, '127.0.0.1', 0)
  const v6 = createServer(count)
  // Where there is no IPv6, nobody can come that way.
  const servers =
    (await listen(v6, '::1', port).catch(() => undefined)) === undefined ? [v4] : [v4, v6]
  return {
    port,
    visits: () => visits,
    close: async () => {
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
    },
  }
}

const listen = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      resolve((server.address() as AddressInfo).port)
    })
  })
