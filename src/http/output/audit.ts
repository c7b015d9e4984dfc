import type { Context } from 'hono'
import type { InstanceId } from '../../domain/instance/instance.ts'
import type { InstanceStore } from '../../ports/instance-store.ts'
import { auditView, verifyAudit } from '../../use-cases/audit.ts'
import type { AppEnv } from '../app-env.ts'
import { readPage } from '../input/page.ts'
import { ownJson } from './json.ts'
import { problem } from './problem.ts'

type Audited = Pick<InstanceStore<unknown>, 'audit'>

/** One page of an instance's audit records. */
export async function auditPage(
  c: Context<AppEnv>,
  store: Audited,
  id: InstanceId,
): Promise<Response> {
  const page = readPage(c.req.query(), 'number')
  if (!page.ok) return problem(c, 'request_invalid', { errors: page.refusal })
  const { rows, cursor } = await store.audit(id, page.value)
  return ownJson(c, { items: rows.map(auditView), ...(cursor === undefined ? {} : { cursor }) })
}

/** Whether an instance's chain of audit records is intact. */
export const auditVerification = async (
  c: Context<AppEnv>,
  store: Audited,
  id: InstanceId,
): Promise<Response> => ownJson(c, await verifyAudit(c.var.ports, (page) => store.audit(id, page)))
