import { Hono } from 'hono'

/** What a JSON answer costs on this machine before the service does anything: Hono and one route. */
export default new Hono().get('/', (c) => c.json({ status: 'ok' }))
