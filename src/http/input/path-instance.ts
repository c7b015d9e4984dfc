import type { Context } from 'hono'
import { isInstanceId, type Issuer, type Verifier } from '../../domain/instance/instance.ts'
import type { AppEnv } from '../app-env.ts'

/** The issuer that the path names, for everybody; `undefined`: there is none. */
export async function issuerOf(c: Context<AppEnv>): Promise<Issuer | undefined> {
  const id = c.req.param('id')
  return isInstanceId(id) ? (await c.var.ports.issuers.find(id))?.instance : undefined
}

/** The verifier that the path names, for everybody; `undefined`: there is none. */
export async function verifierOf(c: Context<AppEnv>): Promise<Verifier | undefined> {
  const id = c.req.param('id')
  return isInstanceId(id) ? (await c.var.ports.verifiers.find(id))?.instance : undefined
}
