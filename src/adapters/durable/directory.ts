import type { Directory } from '../../ports/directory.ts'
import { ask } from './call.ts'
import type { DirectoryObject } from './directory-object.ts'
import type { Rpc } from './rpc.ts'

/** There is one directory object in a deployment. */
export function durableDirectory(namespace: DurableObjectNamespace<DirectoryObject>): Directory {
  const object = () => namespace.getByName('directory') as unknown as Rpc<DirectoryObject>
  return {
    register: (kind, id, change) => ask(object().register(kind, id, change)),
    has: (kind, id) => ask(object().has(kind, id)),
    ids: (kind, page) => ask(object().ids(kind, page)),
  }
}
