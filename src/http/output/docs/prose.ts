import { html, type Html } from './html.ts'

/** A line of a description: `code` and **strong** of CommonMark, all else as it stands. */
export function line(text: string): Html {
  const pieces = text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((piece) => {
    if (piece.startsWith('`')) return html`<code>${piece.slice(1, -1)}</code>`
    if (piece.startsWith('**')) return html`<strong>${piece.slice(2, -2)}</strong>`
    return html`${piece}`
  })
  return html`${pieces}`
}

/** A description: paragraphs with empty lines between them. */
export const paragraphs = (text: string): Html =>
  html`${text.split('\n\n').map((paragraph) => html`<p>${line(paragraph)}</p>`)}`
