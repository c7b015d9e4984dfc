/** One thing wrong with a JSON input: where (RFC 6901 pointer) and what, in words of ours. */
export interface Fault {
  readonly pointer: string
  readonly detail: string
}

/** One step of a JSON Pointer, escaped as RFC 6901 §3 says. */
export const pointerStep = (member: string | number): string =>
  `/${String(member).replaceAll('~', '~0').replaceAll('/', '~1')}`
