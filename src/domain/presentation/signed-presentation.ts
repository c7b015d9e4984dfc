import { compactToken } from '../credential/enveloped.ts'
import { isDid, type Did } from '../did/did.ts'
import type { Json } from '../json/strict-json.ts'
import { readPresentationJws, type UnverifiedJws } from '../jws.ts'

/** The token of a secured presentation, before anything of it is verified; `undefined`: it is none. */
export function signedPresentation(secured: Json): UnverifiedJws | undefined {
  const token = compactToken(secured, 'EnvelopedVerifiablePresentation')
  const jws = token === undefined ? undefined : readPresentationJws(token)
  return jws?.ok === true ? jws.value : undefined
}

/** The DID whose key a presentation names, before anything of it is verified. */
export function signerOf(jws: UnverifiedJws | undefined): Did | undefined {
  const [did = ''] = jws?.kid?.split('#') ?? []
  return isDid(did) ? did : undefined
}
