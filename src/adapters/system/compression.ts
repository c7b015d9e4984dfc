import type { Compression } from '../../ports/compression.ts'
import { unpack } from './unpack.ts'

const compress = async (bytes: Uint8Array, format: 'gzip' | 'deflate'): Promise<Uint8Array> =>
  new Uint8Array(
    await new Response(
      new Blob([bytes]).stream().pipeThrough(new CompressionStream(format)),
    ).arrayBuffer(),
  )

/** The platform calls ZLIB `deflate`. */
export const platformCompression: Compression = {
  gzip: (bytes) => compress(bytes, 'gzip'),
  zlib: (bytes) => compress(bytes, 'deflate'),
  unpack,
}
