/** Longest text that is remembered: what is long is seldom the same again. */
const MAX_CHARACTERS = 1_024
/** Texts that are remembered. When there are more, all are forgotten together. */
const MAX_TEXTS = 500

/**
 * The same function of one text, which says what it said before when it is asked again soon. For pure
 * functions that answer with what nobody changes: whether it remembers can be told by its speed alone.
 */
export function remembered<Value extends string | object>(
  compute: (text: string) => Value,
): (text: string) => Value {
  const known = new Map<string, Value>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const value = compute(text)
    if (text.length > MAX_CHARACTERS) return value
    if (known.size >= MAX_TEXTS) known.clear()
    known.set(text, value)
    return value
  }
}
