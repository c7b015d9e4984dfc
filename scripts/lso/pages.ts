import type { Page } from '../../src/client/index.ts'

/** The items of all pages of a listing, in their order. */
export async function allPages<Item>(
  page: (cursor: string | undefined) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const items: Item[] = []
  let cursor: string | undefined
  do {
    const next = await page(cursor)
    items.push(...next.items)
    ;({ cursor } = next)
  } while (cursor !== undefined)
  return items
}
