const SCHEME_AND_HOST = /^https?:\/\/[A-Za-z0-9.:[\]-]+(?:[/?#][!-[\]-~]*)?$/i
const ENCODED = /%([0-9A-Fa-f]{2})/g
const UNRESERVED = /[A-Za-z0-9._~-]/

/**
 * An http(s) URI in the one form that `htu` is compared in (RFC 9449 §4.3): without query and fragment,
 * scheme and host in lower case, no default port, percent-encoding only where it is needed and in
 * upper case (RFC 3986 §6.2.2, §6.2.3). `undefined` for anything else, and for user information.
 */
export function normalHttpUri(text: string): string | undefined {
  if (!SCHEME_AND_HOST.test(text)) return undefined
  const url = URL.parse(text)
  return url === null ? undefined : `${url.origin}${normalPath(url.pathname)}`
}

const normalPath = (path: string): string =>
  path.replace(ENCODED, (encoded, hex: string) => {
    const character = String.fromCharCode(Number.parseInt(hex, 16))
    return UNRESERVED.test(character) ? character : encoded.toUpperCase()
  })
