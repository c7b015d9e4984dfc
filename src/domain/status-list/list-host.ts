import type { Did } from '../did/did.ts'
import { didWebUrl } from '../did/did-web.ts'
import { remembered } from '../remembered.ts'

/** True for a list on the host, port included, that the document of a did:web issuer comes from. */
export function isAtHostOf(issuer: Did, listUrl: string): boolean {
  const document = didWebUrl(issuer)
  if (!document.ok || !URL.canParse(listUrl)) return false
  return hostOf(document.value) === hostOf(listUrl)
}

/** The host with its port. For what is no URL a text that is no host. */
const hostOf = remembered((url) => (URL.canParse(url) ? new URL(url).host : 'no URL'))
