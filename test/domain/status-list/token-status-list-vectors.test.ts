import { describe, expect, inject, it } from 'vitest'
import { platformCompression } from '../../../src/adapters/system/compression.ts'
import { decodeBase64url, encodeBase64url } from '../../../src/domain/base64url.ts'
import { packedStatuses, type StatusBits } from '../../../src/domain/status-list/bits.ts'
import {
  entriesOf,
  valueAt,
  type UnpackedList,
} from '../../../src/domain/status-list/unpacked-list.ts'

/** A list of the specification: its compressed bytes, and the statuses in it that are not 0. */
interface ListVector {
  readonly bits: StatusBits
  readonly size: number
  readonly lst: string
  readonly set: Readonly<Record<string, number>>
}

const vectors = inject('vectors')
const lists = Object.entries(vectors ?? {})
  .filter(([path]) => path.startsWith('token-status-list/'))
  .map(([path, vector]) => ({ path, vector: vector as ListVector }))

async function decoded({ bits, size, lst }: Omit<ListVector, 'set'>): Promise<UnpackedList> {
  const packed = decodeBase64url(lst)
  if (packed === undefined) throw new Error('not base64url')
  const unpacked = await platformCompression.unpack(packed, 'zlib', (size * bits) / 8)
  if (!unpacked.ok) throw new Error(unpacked.refusal.reason)
  return { bytes: unpacked.value, bits, first: 'least_significant', purposes: undefined }
}

function statusesOf(list: UnpackedList): Readonly<Record<string, number>> {
  const found: Record<string, number> = {}
  for (let index = 0; index < entriesOf(list); index++) {
    const status = valueAt(list, index) ?? -1
    if (status !== 0) found[String(index)] = status
  }
  return found
}

const packed = ({ bits, size, set }: ListVector): Uint8Array =>
  packedStatuses(
    bits,
    size,
    Object.entries(set).map(([index, status]) => [Number(index), status]),
  )

const title =
  vectors === null
    ? 'the vectors of Token Status List (skipped: ../shared/vectors is absent)'
    : 'the vectors of Token Status List'

describe.skipIf(vectors === null)(title, () => {
  it('are a list of one bit and a list of two', () => {
    expect(lists.map(({ vector }) => vector.bits)).toEqual([1, 2])
  })

  it.each(lists)('$path is read to the statuses that it has, and no more', async ({ vector }) => {
    const list = await decoded(vector)
    expect(entriesOf(list)).toBe(vector.size)
    expect(statusesOf(list)).toEqual(vector.set)
  })

  it.each(lists)('$path: its statuses make its bytes', async ({ vector }) => {
    expect(packed(vector)).toEqual((await decoded(vector)).bytes)
    const changed = { ...vector, set: { ...vector.set, '1993': 0 } }
    expect(packed(changed)).not.toEqual((await decoded(vector)).bytes)
  })

  it.each(lists)('$path: what we compress is the same list again', async ({ vector }) => {
    const lst = encodeBase64url(await platformCompression.zlib(packed(vector)))
    // Not the same text: how hard the platform tries to compress is its own affair.
    expect(statusesOf(await decoded({ ...vector, lst }))).toEqual(vector.set)
    expect(lst.length).toBeLessThan(2 * vector.lst.length)
  })
})
