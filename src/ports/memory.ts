/**
 * What this isolate remembers as long as there is room: values that are right for their key for ever, so
 * that forgetting one costs work and nothing else.
 */
export interface Memory<Value> {
  get(key: string): Value | undefined
  set(key: string, value: Value): void
}
