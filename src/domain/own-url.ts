import type { Json } from './json/strict-json.ts'
import { remembered } from './remembered.ts'

/**
 * True for a URL that leads to this service, however it is written (WHATWG URL): capitals, escapes,
 * userinfo, a dot behind the host, the other one of http and https. What lies there is ours to name.
 */
export function isOwnUrl(value: string, publicUrl: string): boolean {
  // Most names are none, and the platform makes an error with its stack of each that it cannot parse.
  return STARTS_AS_WEB_URL.test(value) && placeOf(value) === placeOf(publicUrl)
}

/** Host and port of an http or https URL; `nowhere` for every other text. Of few hosts, over and over. */
const placeOf = remembered((text) => {
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return 'nowhere'
  return `${url.hostname.replace(/\.$/, '')}:${url.port}`
})

/** What a parser passes over before a scheme, and the first letter of http and https. */
const STARTS_AS_WEB_URL = /^[\u0000-\u0020]*h/i

/** True when a text somewhere in the value is such a URL. */
export function namesOwnUrl(value: Json | undefined, publicUrl: string): boolean {
  if (typeof value === 'string') return isOwnUrl(value, publicUrl)
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).some((inside: Json) => namesOwnUrl(inside, publicUrl))
  )
}
