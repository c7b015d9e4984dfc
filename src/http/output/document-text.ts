import { encodeBase64url, utf8 } from '../../domain/base64url.ts'
import type { DidDocument } from '../../domain/did/did-document.ts'
import type { Digest } from '../../ports/digest.ts'

export interface DocumentText {
  /** The document as compact JSON, members in the order in which they came. */
  readonly json: string
  /** base64url SHA-256 of `json` in UTF-8. */
  readonly digest: string
}

/** NOTE: keyed by the object, so that a text lives exactly as long as the document is kept in memory. */
const texts = new WeakMap<DidDocument, DocumentText>()

/** The text of a resolved document, written and hashed once as long as the document is kept. */
export function documentText(document: DidDocument, digest: Digest): DocumentText {
  const known = texts.get(document)
  if (known !== undefined) return known
  const json = JSON.stringify(document.source)
  const text = { json, digest: encodeBase64url(digest.sha256(utf8(json))) }
  texts.set(document, text)
  return text
}
