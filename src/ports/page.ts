/** One page of a listing. `cursor` is opaque to callers and absent on the last page. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly cursor?: string
}

export interface PageRequest {
  readonly cursor: string | undefined
  readonly limit: number
}
