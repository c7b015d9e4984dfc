import type { Context } from 'hono'
import type { Issuer, Verifier } from '../../domain/instance/instance.ts'
import { dateTimeStamp } from '../../domain/time.ts'
import type { CreateInstanceRefusal } from '../../use-cases/create-instance.ts'
import type { ManageInstanceRefusal } from '../../use-cases/manage-instance.ts'
import type { AppEnv } from '../app-env.ts'
import { problem } from './problem.ts'

/** An instance as the admin sees it; keys that were withdrawn are not among its keys. */
export const instanceJson = (instance: Issuer | Verifier) => ({
  id: instance.id,
  name: instance.name,
  did: instance.did,
  ...('securing' in instance ? { securing: instance.securing } : { audience: instance.audience }),
  keys: keysOf(instance).map(({ kid }) => kid),
  verificationMethods: keysOf(instance).map(({ verificationMethod }) => verificationMethod),
  createdAt: dateTimeStamp(instance.createdAt),
  ...(instance.retiredAt === undefined ? {} : { retiredAt: dateTimeStamp(instance.retiredAt) }),
})

const keysOf = ({ keys }: Issuer | Verifier) =>
  keys.filter(({ withdrawn }) => withdrawn === undefined)

export function instanceRefusal(
  c: Context<AppEnv>,
  refusal: CreateInstanceRefusal | ManageInstanceRefusal,
): Response {
  switch (refusal.reason) {
    case 'request_invalid':
      return problem(c, refusal.reason, { errors: refusal.errors })
    case 'did_not_resolved':
      switch (refusal.refusal.reason) {
        case 'did_host_failed':
        case 'did_host_timeout':
        case 'redirect_not_followed':
          return problem(c, refusal.refusal.reason)
        default:
      }
      return problem(c, refusal.reason, { detail: `resolution answered ${refusal.refusal.reason}` })
    case 'token_already_shown':
      return problem(c, refusal.reason, {
        detail: 'It cannot be shown again; POST …/token makes a new one and ends the old one',
      })
    default:
      return problem(c, refusal.reason)
  }
}
