/** As much of `node:crypto` as is used: the types of all of Node would bring names that workerd has not. */
declare module 'node:crypto' {
  interface Hash {
    update(bytes: Uint8Array): Hash
    copy(): Hash
    digest(): Uint8Array
  }
  export function createHash(algorithm: 'sha256'): Hash
  export function createHmac(algorithm: 'sha256', key: Uint8Array): Omit<Hash, 'copy'>
  export function hash(algorithm: 'sha256', text: string, encoding: 'base64url'): string
}
