import type { InstanceId } from '../instance/instance.ts'

/** An entry of a status list of an issuer of this deployment, on which a client rests. */
export interface OwnEntry {
  readonly issuer: InstanceId
  readonly listId: string
  readonly index: number
  /** Sequence of the newest change of status of that issuer when it was last asked for the entry. */
  readonly seen: number
}

/** An entry whose status its issuer has changed, by the sequence of the change. */
export interface ChangedEntry extends Pick<OwnEntry, 'listId' | 'index'> {
  readonly sequence: number
}

/** Did the entry change since it was asked for? */
export const isChanged = (
  { listId, index, seen }: Pick<OwnEntry, 'listId' | 'index' | 'seen'>,
  changed: ChangedEntry,
): boolean => changed.listId === listId && changed.index === index && changed.sequence > seen
