const MEBIBYTE = new Uint8Array(1024 * 1024)

/** So many MiB of zeros, packed piece by piece, so that whoever packs them needs little memory. */
export async function bombOf(mebibytes: number, packing: 'gzip' | 'zlib'): Promise<Uint8Array> {
  const { readable, writable } = new CompressionStream(packing === 'gzip' ? 'gzip' : 'deflate')
  const packed = new Response(readable).arrayBuffer()
  const writer: WritableStreamDefaultWriter<Uint8Array> = writable.getWriter()
  for (let left = mebibytes; left > 0; left--) await writer.write(MEBIBYTE)
  await writer.close()
  return new Uint8Array(await packed)
}
