import type { Context } from 'hono'
import type { Page, PageRequest } from '../../ports/page.ts'
import type { AppEnv } from '../app-env.ts'
import { readPage, type CursorKind } from '../input/page.ts'
import { ownJson } from './json.ts'
import { problem } from './problem.ts'

/** The page that the query asks for, of a listing that only its owner may see. */
export async function listing<Row>(
  c: Context<AppEnv>,
  cursors: CursorKind,
  find: (page: PageRequest) => Promise<Page<Row>>,
  view: (row: Row) => object,
): Promise<Response> {
  const page = readPage(c.req.query(), cursors)
  if (!page.ok) return problem(c, 'request_invalid', { errors: page.refusal })
  return ownJson(c, pageJson(await find(page.value), view))
}

/** A page of a listing; `cursor` is there while there is more. */
export const pageJson = <Row>({ rows, cursor }: Page<Row>, view: (row: Row) => object): object => ({
  items: rows.map((row) => view(row)),
  ...(cursor === undefined ? {} : { cursor }),
})
