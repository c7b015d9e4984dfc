/** What the tests use of it as a writer; the package brings no types. */
declare module '@digitalbazaar/vc-bitstring-status-list' {
  export interface BitstringStatusList {
    setStatus(index: number, status: boolean): void
    encode(): Promise<string>
  }

  export function createList(options: { readonly length: number }): Promise<BitstringStatusList>
}
