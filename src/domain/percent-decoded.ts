/** The text with its percent-encoding taken off once; `undefined` where that is broken or no UTF-8. */
export function percentDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
