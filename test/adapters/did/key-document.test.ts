import { expect, it } from 'vitest'
import { createDidJwk } from '../../../src/adapters/did/did-jwk.ts'
import { createDidKey } from '../../../src/adapters/did/did-key.ts'
import { didKeyOf } from '../../../src/adapters/did/did-key-of.ts'
import { createKeyArithmetic } from '../../../src/adapters/did/key-arithmetic.ts'
import { encodeBase64url, utf8 } from '../../../src/domain/base64url.ts'
import { parseDid } from '../../../src/domain/did/did.ts'
import { parseDidDocument } from '../../../src/domain/did/parse-did-document.ts'
import { thumbprintInput } from '../../../src/domain/jwk.ts'
import { PUBLIC_KEYS } from '../../support/public-keys.ts'

const arithmetic = createKeyArithmetic()
const [didKey, didJwk] = [createDidKey(arithmetic), createDidJwk(arithmetic)]

const KEYS = Object.entries(PUBLIC_KEYS).flatMap(([type, jwk]) => [
  { type, method: didKey, text: didKeyOf(jwk) },
  { type, method: didJwk, text: `did:jwk:${encodeBase64url(utf8(thumbprintInput(jwk)))}` },
])

it.each(KEYS)(
  'reads the document of a $type key as it would be read if somebody else had written it: $text',
  async ({ method, text }) => {
    const did = parseDid(text)
    const found = did.ok ? await method.find(did.value, undefined) : did
    if (!did.ok || !found.ok) throw new Error('the key was refused')
    const { source, document } = found.value
    expect(document).toBeDefined()
    expect(parseDidDocument(source, did.value, arithmetic)).toEqual({ ok: true, value: document })
  },
)
