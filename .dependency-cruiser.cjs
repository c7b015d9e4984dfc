/**
 * The import table of the house. Each room names what it may reach; everything else is an error:
 * other rooms, packages, built-in modules and files outside src alike.
 */
const SRC = {
  domain: ['^src/domain/'],
  ports: ['^src/(domain|ports)/'],
  'use-cases': ['^src/(domain|ports|use-cases)/'],
  http: [
    '^src/(domain|ports|use-cases|http)/',
    '^schemas/',
    // Its version, for /health and the API description.
    '^package\\.json$',
    '^node_modules/(hono|@cfworker/json-schema)/',
  ],
  adapters: [
    '^src/(domain|ports|adapters)/',
    '^schemas/',
    '^node_modules/(jose|did-jwt|did-jwt-vc|did-resolver|key-did-resolver|web-did-resolver)/',
    '^node_modules/(@noble|@scure)/',
    '^node_modules/@cfworker/json-schema/',
    '^cloudflare:',
    // The platform's digests, at once: those of WebCrypto come later, which no storage transaction awaits.
    '^(node:)?crypto$',
  ],
  // Importable on its own: nothing but its own folder, and no package.
  client: ['^src/client/'],
}

const room = ([name, reach]) => ({
  name: `${name}-reaches-only-its-neighbours`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { pathNot: reach },
})

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(SRC).map(room),
    {
      name: 'http-knows-ports-as-types-only',
      severity: 'error',
      from: { path: '^src/http/' },
      // A fault that a store throws is told apart by its class, so that one is a value.
      to: {
        path: '^src/ports/',
        pathNot: '^src/ports/change\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'the-entrance-takes-hono-and-the-runtime-only',
      severity: 'error',
      from: { path: '^src/[^/]+\\.ts$' },
      to: { pathNot: ['^src/', '^schemas/', '^node_modules/hono/', '^cloudflare:'] },
    },
    {
      name: 'hono-lives-in-http',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/http/', '^src/(app|index)\\.ts$'] },
      to: { path: '^node_modules/hono/' },
    },
    {
      name: 'mounting-needs-no-adapter',
      severity: 'error',
      from: { path: '^src/app\\.ts$' },
      to: { path: '^src/adapters/' },
    },
    {
      name: 'what-is-shipped-needs-nothing-of-development',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'tools-stay-outside',
      severity: 'error',
      from: { path: '^(src|scripts)/' },
      to: { path: '^(test|bench)/' },
    },
    {
      name: 'the-service-does-not-call-itself',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/client/' },
      to: { path: '^src/client/' },
    },
    {
      name: 'every-import-exists',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: ['^cloudflare:'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(bench/results|dist)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types'],
    },
  },
}
