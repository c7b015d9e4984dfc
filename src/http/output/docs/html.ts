/** Markup that goes into a page as it is. Only `html` and `raw` make it. */
export interface Html {
  readonly markup: string
}

type Piece = string | number | Html | readonly Html[]

/** A template whose pieces are escaped unless they are `Html` already. */
export function html(texts: TemplateStringsArray, ...pieces: readonly Piece[]): Html {
  const [first = '', ...rest] = texts
  return { markup: first + rest.map((text, at) => markupOf(pieces[at] ?? '') + text).join('') }
}

/** Text of ours that is markup. Never for text from elsewhere. */
export const raw = (markup: string): Html => ({ markup })

export const NOTHING: Html = raw('')

/** `pieces` with a separator between them. */
export const joined = (pieces: readonly Html[], separator: string): Html =>
  raw(pieces.map(({ markup }) => markup).join(escaped(separator)))

function markupOf(piece: Piece): string {
  if (typeof piece === 'string') return escaped(piece)
  if (typeof piece === 'number') return String(piece)
  return 'markup' in piece ? piece.markup : piece.map(({ markup }) => markup).join('')
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Safe as the content of an element and inside a quoted attribute. */
const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
