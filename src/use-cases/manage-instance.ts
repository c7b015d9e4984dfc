import type { InstanceId, InstanceKind, Issuer, Verifier } from '../domain/instance/instance.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import type { Change } from '../ports/change.ts'
import type { Ports } from '../ports/index.ts'
import type { InstancePatch, InstanceStore } from '../ports/instance-store.ts'
import type { Page, PageRequest } from '../ports/page.ts'
import { newToken } from './create-instance.ts'

type Needs = Pick<Ports, 'digest' | 'directory' | 'events' | 'random'>

/** Which kind of instance, and the store that keeps it. */
export interface InstanceRoom<Instance> {
  readonly kind: InstanceKind
  readonly store: Omit<InstanceStore<Instance>, 'create'>
}

export type ManageInstanceRefusal = {
  readonly reason: 'not_found' | 'idempotency_key_reused' | 'token_already_shown'
}

/** Instances in the order of their names. A name whose instance was never created is passed over. */
export async function listInstances<Instance extends Issuer | Verifier>(
  { directory }: Pick<Needs, 'directory'>,
  { kind, store }: InstanceRoom<Instance>,
  page: PageRequest,
): Promise<Page<Instance>> {
  const ids = await directory.ids(kind, page)
  const found = await Promise.all(ids.rows.map((id) => store.find(id)))
  return {
    ...ids,
    rows: found.flatMap((stored) => (stored === undefined ? [] : [stored.instance])),
  }
}

/** Changes what may change after creation; `retiredAt` retires the instance. */
export async function changeInstance<Instance extends Issuer | Verifier>(
  { events }: Pick<Needs, 'events'>,
  { kind, store }: InstanceRoom<Instance>,
  id: InstanceId,
  patch: InstancePatch,
  change: Change,
): Promise<Result<Instance, ManageInstanceRefusal>> {
  if ((await store.find(id)) === undefined) return refuse({ reason: 'not_found' })
  const changed = await store.update(id, patch, change)
  if (!changed.ok) return changed
  events.instanceChanged({
    kind,
    id,
    action: patch.retiredAt === undefined ? 'changed' : 'retired',
  })
  return ok(changed.value.value)
}

/** A new bearer token; the old one ends. A replayed request cannot be answered: the token is stored nowhere. */
export async function replaceToken<Instance extends Issuer | Verifier>(
  needs: Needs,
  { kind, store }: InstanceRoom<Instance>,
  id: InstanceId,
  change: Change,
): Promise<Result<string, ManageInstanceRefusal>> {
  if ((await store.find(id)) === undefined) return refuse({ reason: 'not_found' })
  const token = newToken(needs, kind, id)
  const replaced = await store.replaceToken(id, token.hash, change)
  if (!replaced.ok) return replaced
  if (replaced.value.replayed) return refuse({ reason: 'token_already_shown' })
  needs.events.instanceChanged({ kind, id, action: 'token_replaced' })
  return ok(token.text)
}
