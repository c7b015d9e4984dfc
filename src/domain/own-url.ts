import type { Json } from './json/strict-json.ts'

/**
 * True for a URL that leads to this service, however it is written (WHATWG URL): capitals, escapes,
 * userinfo, a dot behind the host, the other one of http and https. What lies there is ours to name.
 */
export function isOwnUrl(value: string, publicUrl: string): boolean {
  const url = URL.parse(value)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return false
  const own = new URL(publicUrl)
  return url.hostname.replace(/\.$/, '') === own.hostname && url.port === own.port
}

/** True when a text somewhere in the value is such a URL. */
export function namesOwnUrl(value: Json | undefined, publicUrl: string): boolean {
  if (typeof value === 'string') return isOwnUrl(value, publicUrl)
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some((inside: Json) => namesOwnUrl(inside, publicUrl))
  )
}
