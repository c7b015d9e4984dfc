import { encodeBase64url, utf8 } from '../../domain/base64url.ts'

/** base64url SHA-256 of a text by the platform: several times as fast as any JavaScript, but not at once. */
export const sha256OfText = async (text: string): Promise<string> =>
  encodeBase64url(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(text))))
