import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import { part } from './compact-jws.ts'

type Members = Readonly<Record<string, unknown>>

/** A compact JWS with a genuine HMAC of these bytes, whatever the header calls its algorithm. */
export async function compactMac(
  header: Members,
  payload: Members,
  secret: Uint8Array,
): Promise<string> {
  const input = `${part(JSON.stringify(header))}.${part(JSON.stringify(payload))}`
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign'])
  const mac = await crypto.subtle.sign('HMAC', key, utf8(input))
  return `${input}.${encodeBase64url(new Uint8Array(mac))}`
}
