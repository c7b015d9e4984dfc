import type { Context } from 'hono'
import type { AppEnv } from '../app-env.ts'
import type { CommandRefusal } from '../input/command.ts'
import { problem } from './problem.ts'

/** The reasons of `readBody` and `readCommand` are codes of the contract. */
export function bodyRefusal(c: Context<AppEnv>, refusal: CommandRefusal): Response {
  switch (refusal.reason) {
    case 'request_invalid':
      return problem(c, refusal.reason, { errors: refusal.errors })
    case 'media_type_not_supported':
      return problem(c, refusal.reason, { detail: 'Send Content-Type: application/json' })
    default:
      return problem(c, refusal.reason)
  }
}
