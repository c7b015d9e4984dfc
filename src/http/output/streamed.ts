/** A body that is made piece by piece, as fast as it is read. The first piece is made at once. */
export async function streamed(
  pieces: AsyncGenerator<Uint8Array, void>,
): Promise<ReadableStream<Uint8Array>> {
  // What fails at once can still be answered with its own status.
  let next = await pieces.next()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (next.done === true) {
        controller.close()
        return
      }
      controller.enqueue(next.value)
      next = await pieces.next()
    },
    async cancel() {
      await pieces.return()
    },
  })
}
