import { isJsonObject, type Json } from './strict-json.ts'

/** Where a specification allows one value or a list of them: the list. Absent: empty. */
export const listed = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly Json[]) : [value]

/** The texts among one value or a list of them. */
export const textsIn = (value: Json | undefined): readonly string[] =>
  listed(value).filter((item) => typeof item === 'string')

/** As `textsIn`, each once: what a specification calls a set may be written with repetitions. */
export function distinctTexts(value: Json | undefined): readonly string[] {
  const texts = textsIn(value)
  const distinct = new Set(texts)
  return distinct.size === texts.length ? texts : [...distinct]
}

/** The `id` of what is named by a text, or by an object with an `id`. */
export function idOf(value: Json | undefined): string | undefined {
  const id = isJsonObject(value) ? value['id'] : value
  return typeof id === 'string' ? id : undefined
}

/** The `id` of the only object in one value or a list; several have no one id. */
export function onlyId(value: Json | undefined): string | undefined {
  const [only, ...others] = listed(value)
  return others.length === 0 && isJsonObject(only) ? idOf(only) : undefined
}
