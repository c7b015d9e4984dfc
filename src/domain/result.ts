/** What a rule answers: a value, or the reason it refuses. Bugs and outages are thrown, never returned. */
export type Result<Value, Refusal> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly refusal: Refusal }

export const ok = <Value>(value: Value): Result<Value, never> => ({ ok: true, value })
export const refuse = <Refusal>(refusal: Refusal): Result<never, Refusal> => ({
  ok: false,
  refusal,
})
