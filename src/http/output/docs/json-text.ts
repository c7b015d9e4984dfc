/** Columns that a value may take on one line. */
const WIDTH = 76

/** JSON for people: what fits on a line stays on it. */
export function jsonText(value: unknown, indent = ''): string {
  const short = oneLine(value)
  if (typeof value !== 'object' || value === null || indent.length + short.length <= WIDTH)
    return short
  const inner = `${indent}  `
  const isList = Array.isArray(value)
  const rows = Object.entries(value).map(
    ([name, member]) =>
      `${inner}${isList ? '' : `${JSON.stringify(name)}: `}${jsonText(member, inner)}`,
  )
  const [open, close] = isList ? '[]' : '{}'
  return `${String(open)}\n${rows.join(',\n')}\n${indent}${String(close)}`
}

function oneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(oneLine).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}: ${oneLine(member)}`,
  )
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}
