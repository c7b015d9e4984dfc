import { decodeBase64url } from '../../domain/base64url.ts'

/** The number of a Base64urlUInt (RFC 7518 §2); zero for a text that is no base64url. */
export function base64urlUint(text: string): bigint {
  const bytes = decodeBase64url(text) ?? new Uint8Array()
  return bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n)
}
