/**
 * A Durable Object as its callers see it: each method answers a promise of what the class returns.
 * The platform's own stub type rewrites every value that crosses into a nest of conditional types;
 * what crosses here is plain data, so that the class's own types say all there is.
 */
export type Rpc<Class> = {
  readonly [
    Method in keyof Class as Class[Method] extends (...args: never) => unknown ? Method : never
  ]: Class[Method] extends (...args: infer Arguments) => infer Answer
    ? (...args: Arguments) => Promise<Awaited<Answer>>
    : never
}
