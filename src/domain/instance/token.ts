import { isInstanceId, type InstanceId, type InstanceKind } from './instance.ts'

/**
 * An instance's bearer token: `lso_issuer.<id>.<secret>`. The id inside lets a token of another
 * instance be answered like an unknown id (404, row H9) without a look at either instance.
 */
export function instanceToken(kind: InstanceKind, id: InstanceId, secret: string): string {
  return `lso_${kind}.${id}.${secret}`
}

const TOKEN = /^lso_(issuer|verifier)\.([A-Za-z0-9_-]{1,64})\.[A-Za-z0-9_-]{43}$/

/** Whose token this claims to be; `undefined` for a text that is no instance token at all. */
export function readInstanceToken(
  token: string,
): { readonly kind: InstanceKind; readonly id: InstanceId } | undefined {
  const [, kind, id] = TOKEN.exec(token) ?? []
  if ((kind !== 'issuer' && kind !== 'verifier') || !isInstanceId(id)) return undefined
  return { kind, id }
}
