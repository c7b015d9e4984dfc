import { describe, expect, it, vi } from 'vitest'
import { platformCompression } from '../../src/adapters/system/compression.ts'
import type { Packing } from '../../src/ports/compression.ts'
import { bombOf } from './bomb.ts'

const gzip = (bytes: Uint8Array) => platformCompression.gzip(bytes)
const zlib = (bytes: Uint8Array) => platformCompression.zlib(bytes)
const unpack = (bytes: Uint8Array, packing: Packing, maxBytes: number) =>
  platformCompression.unpack(bytes, packing, maxBytes)
const MEBIBYTE = 1024 * 1024
const LIST = Uint8Array.from({ length: 16 * 1024 }, (_, at) => (at * 37) & 0xff)

const PACKINGS = [
  { packing: 'gzip', pack: gzip, other: zlib },
  { packing: 'zlib', pack: zlib, other: gzip },
] as const satisfies readonly { packing: Packing; pack: unknown; other: unknown }[]

const joined = (...parts: readonly Uint8Array[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => [...part]))

/**
 * What unpacking must do on every platform; run in Node and inside workerd.
 *
 * @param mostHandedIn bytes of a bomb that may be handed to the platform before the cap is noticed. Where
 *   it unpacks them at once, each makes 1032.
 */
export const unpackSuite = (mostHandedIn: number): void => {
  describe.each(PACKINGS)('unpack: $packing', ({ packing, pack, other }) => {
    it('undoes what was packed, up to exactly the cap', async () => {
      const packed = await pack(LIST)
      expect(await unpack(packed, packing, LIST.length)).toEqual({ ok: true, value: LIST })
    })

    it('S1: refuses one byte more than the cap', async () => {
      const refused = await unpack(await pack(LIST), packing, LIST.length - 1)
      expect(refused).toEqual({ ok: false, refusal: { reason: 'too_large' } })
    })

    it('S1: stops at a bomb of 256 MiB long before its end', async () => {
      const bomb = await bombOf(256, packing)
      expect(bomb.length).toBeLessThan(MEBIBYTE)
      const write = vi.spyOn(WritableStreamDefaultWriter.prototype, 'write')
      const refused = await unpack(bomb, packing, 128 * 1024)
      const handedIn = write.mock.calls.reduce(
        (sum, [chunk]) => sum + (chunk as Uint8Array).length,
        0,
      )
      write.mockRestore()
      expect(refused).toEqual({ ok: false, refusal: { reason: 'too_large' } })
      expect(handedIn).toBeGreaterThan(0)
      expect(handedIn).toBeLessThanOrEqual(mostHandedIn)
    }, 30_000)

    it.each([
      { when: 'it is cut off', change: (packed: Uint8Array) => packed.slice(0, -1) },
      {
        when: 'half of it is missing',
        change: (packed: Uint8Array) => packed.slice(0, packed.length / 2),
      },
      { when: 'it is empty', change: () => new Uint8Array() },
      {
        when: 'something is behind it',
        change: (packed: Uint8Array) => joined(packed, Uint8Array.of(1)),
      },
      { when: 'it is there twice', change: (packed: Uint8Array) => joined(packed, packed) },
      {
        when: 'its checksum is wrong',
        change: (packed: Uint8Array) =>
          packed.with(
            packed.length - (packing === 'gzip' ? 5 : 1),
            (packed.at(packing === 'gzip' ? -5 : -1) ?? 0) ^ 1,
          ),
      },
    ])('S2: refuses it when $when', async ({ change }) => {
      const refused = await unpack(change(await pack(LIST)), packing, MEBIBYTE)
      expect(refused).toEqual({ ok: false, refusal: { reason: 'malformed' } })
    })

    it('S4: refuses the other packing', async () => {
      const refused = await unpack(await other(LIST), packing, MEBIBYTE)
      expect(refused).toEqual({ ok: false, refusal: { reason: 'malformed' } })
    })
  })
}
