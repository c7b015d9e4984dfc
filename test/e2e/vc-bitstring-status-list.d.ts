/** The part that the tests use; the package brings no types. */
declare module '@digitalbazaar/vc-bitstring-status-list' {
  export interface BitstringStatusList {
    readonly length: number
    getStatus(index: number): boolean
  }

  export function decodeList(options: {
    readonly encodedList: string
  }): Promise<BitstringStatusList>

  export function checkStatus(options: {
    readonly credential: unknown
    readonly documentLoader: (url: string) => Promise<{ readonly document: unknown }>
    readonly verifyBitstringStatusListCredential: boolean
  }): Promise<{
    readonly verified: boolean
    readonly results?: readonly { readonly status: boolean }[]
    readonly error?: Error
  }>
}
