import { decodeJwt } from 'jose'
import { gunzipSync, inflateSync } from 'node:zlib'
import { at, textAt } from './http.ts'

/** The bit of an index in a Bitstring Status List credential (most significant bit first, GZIP). */
export function bitstringBit(token: string, index: number): number {
  const encoded = textAt(decodeJwt(token), 'credentialSubject', 'encodedList')
  const bits = gunzipSync(Buffer.from(encoded.slice(1), 'base64url'))
  return ((bits[index >> 3] ?? 0) >> (7 - (index & 7))) & 1
}

/** The value of an index in a Token Status List (least significant bit first, ZLIB). */
export function tokenStatus(token: string, index: number): number {
  const list = at(decodeJwt(token), 'status_list')
  const bits = Number(at(list, 'bits'))
  const bytes = inflateSync(Buffer.from(textAt(list, 'lst'), 'base64url'))
  const perByte = 8 / bits
  return ((bytes[Math.floor(index / perByte)] ?? 0) >> ((index % perByte) * bits)) & (2 ** bits - 1)
}
