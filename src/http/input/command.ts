import type { Context } from 'hono'
import type { Decoder } from '../../domain/json/decode.ts'
import { ok, type Result } from '../../domain/result.ts'
import type { Change } from '../../ports/change.ts'
import type { AppEnv } from '../app-env.ts'
import { readBody, type BodyRefusal } from './body.ts'
import { readChange } from './change.ts'

export type CommandRefusal = BodyRefusal | { readonly reason: 'idempotency_key_invalid' }

/** What `actor` wants changed: the command that its body stands for, and the change under which it is done. */
export async function readCommand<Command>(
  c: Context<AppEnv>,
  decoder: Decoder<Command>,
  actor: string,
): Promise<Result<{ readonly command: Command; readonly change: Change }, CommandRefusal>> {
  const body = await readBody(c.req.raw, decoder)
  if (!body.ok) return body
  const { bytes, command } = body.value
  const change = readChange(c.get('ports'), c.req.raw, bytes, actor)
  return change.ok ? ok({ command, change: change.value }) : change
}
