import type { Did } from '../did/did.ts'
import { didWebUrl } from '../did/did-web.ts'

/** True for a list on the host, port included, that the document of a did:web issuer comes from. */
export function isAtHostOf(issuer: Did, listUrl: string): boolean {
  const document = didWebUrl(issuer)
  if (!document.ok || !URL.canParse(listUrl)) return false
  return new URL(document.value).host === new URL(listUrl).host
}

/** True for a URL of this deployment, however its origin is spelt: it is never fetched. */
export const isOwnUrl = (publicUrl: string, url: string): boolean =>
  URL.canParse(url) && new URL(url).host === new URL(publicUrl).host
