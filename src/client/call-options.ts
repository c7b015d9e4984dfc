/** What every call takes. */
export interface CallOptions {
  /** Ends the call; its reason is what is thrown. */
  readonly signal?: AbortSignal
  /** For a call that changes something: sent again under the same key, it happens once. */
  readonly idempotencyKey?: string
}

export interface PageRequest {
  /** Of the page before. */
  readonly cursor?: string | undefined
  readonly limit?: number | undefined
}

/** One segment of a path. */
export const segment = (text: string): string => encodeURIComponent(text)

/** `?a=b&…` of the members that are there; nothing without any. */
export function query(members: Readonly<Record<string, string | number | undefined>>): string {
  const parts = Object.entries(members).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  return parts.length === 0 ? '' : `?${parts.join('&')}`
}

export const pageQuery = ({ cursor, limit }: PageRequest): string => query({ cursor, limit })
