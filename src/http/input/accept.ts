/** One of the offered media types, and whether the caller named it or would take anything. */
export interface Accepted<Offer extends string> {
  readonly mediaType: Offer
  readonly named: boolean
}

interface MediaRange {
  readonly range: string
  readonly quality: number
}

/**
 * Chooses among `offers` by an `Accept` header (RFC 9110 §12.5.1): the highest quality, among equals
 * the first offer; the most specific range decides. Without a header the first offer. `undefined`
 * when none is acceptable.
 */
export function accepted<Offer extends string>(
  accept: string | undefined,
  offers: readonly [Offer, ...Offer[]],
): Accepted<Offer> | undefined {
  if (accept === undefined || accept === '' || accept === '*/*')
    return { mediaType: offers[0], named: false }
  const offer = offers.find((mediaType) => mediaType === accept)
  if (offer !== undefined) return { mediaType: offer, named: true }
  const ranges = accept.split(',').map(readRange)
  let best: (Accepted<Offer> & { readonly quality: number }) | undefined
  for (const mediaType of offers) {
    const match = mostSpecific(ranges, mediaType)
    if (match !== undefined && match.quality > (best?.quality ?? 0))
      best = { mediaType, named: match.range === mediaType, quality: match.quality }
  }
  return best && { mediaType: best.mediaType, named: best.named }
}

function readRange(text: string): MediaRange {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const weight = parameters.find((parameter) => parameter.startsWith('q='))
  const quality = weight === undefined ? 1 : Number(weight.slice('q='.length))
  return { range, quality: quality >= 0 && quality <= 1 ? quality : 0 }
}

function mostSpecific(ranges: readonly MediaRange[], mediaType: string): MediaRange | undefined {
  const names = [mediaType, `${mediaType.split('/', 1).join('')}/*`, '*/*']
  const matches = names.map((name) => ranges.find(({ range }) => range === name))
  return matches.find((match) => match !== undefined)
}
