import 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * Vectors that others wrote, by path relative to their folder (`did-key/…json`): parsed where the
     * file is JSON, text otherwise. `null` where the folder is absent: such tests skip and say so.
     */
    vectors: Readonly<Record<string, unknown>> | null
  }
}
