import type { Context } from 'hono'
import type { InstanceId } from '../../domain/instance/instance.ts'
import type { InstanceStore } from '../../ports/instance-store.ts'
import { auditView, verifyAudit } from '../../use-cases/audit.ts'
import type { AppEnv } from '../app-env.ts'
import { ownJson } from './json.ts'
import { listing } from './listing.ts'

type Audited = Pick<InstanceStore<unknown>, 'audit'>

/** One page of an instance's audit records. */
export const auditPage = (c: Context<AppEnv>, store: Audited, id: InstanceId): Promise<Response> =>
  listing(c, 'number', (page) => store.audit(id, page), auditView)

/** Whether an instance's chain of audit records is intact. */
export const auditVerification = async (
  c: Context<AppEnv>,
  store: Audited,
  id: InstanceId,
): Promise<Response> => ownJson(c, await verifyAudit(c.var.ports, (page) => store.audit(id, page)))
