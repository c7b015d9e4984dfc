import { parse } from 'smol-toml'

/** What plain workerd must know of a Worker, besides its bundle. */
export interface WorkerDescription {
  readonly name: string
  readonly compatibilityDate: string
  readonly compatibilityFlags: readonly string[]
  readonly durableObjects: readonly { readonly binding: string; readonly className: string }[]
}

/** Reads it out of a wrangler.toml, so that both worlds run the same Worker. Throws when it is not there. */
export function describeWorker(toml: string): WorkerDescription {
  const config = parse(toml)
  const objects = tableOf(config['durable_objects'], 'durable_objects')['bindings']
  return {
    name: textOf(config['name'], 'name'),
    compatibilityDate: textOf(config['compatibility_date'], 'compatibility_date'),
    compatibilityFlags: listOf(config['compatibility_flags'], textOf, 'compatibility_flags'),
    durableObjects: listOf(objects, tableOf, 'durable_objects.bindings').map((each) => ({
      binding: textOf(each['name'], 'durable_objects.bindings.name'),
      className: textOf(each['class_name'], 'durable_objects.bindings.class_name'),
    })),
  }
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new Error(`wrangler.toml: ${name} must be a text`)
  return value
}

function tableOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`wrangler.toml: ${name} must be a table`)
  return { ...value }
}

function listOf<T>(value: unknown, of: (item: unknown, name: string) => T, name: string): T[] {
  if (!Array.isArray(value)) throw new Error(`wrangler.toml: ${name} must be a list`)
  return value.map((item) => of(item, name))
}
