import tseslint from 'typescript-eslint'

/** Checked under tsconfig.node.json: what runs on Node and may touch it. */
const onNode = [
  '*.config.ts',
  'scripts/**/*.ts',
  'examples/*.d.ts',
  'examples/{buyer,oidc-provider,software-statement}/*.ts',
  'bench/**/*.ts',
  'test/node/**/*.ts',
  'test/e2e/**/*.ts',
  'test/support/service.ts',
  'test/support/proof.ts',
  'test/support/examples.ts',
  'test/support/participants.ts',
  'test/support/fapi-buyers.ts',
  'test/support/seller-deployment.ts',
  'test/support/openid-client-errors.ts',
  'test/support/example-process.ts',
  'test/support/*.global-setup.ts',
]

/** Time and randomness are handed in; only adapters may fetch them. */
const EFFECTS = [
  { object: 'Math', property: 'random', message: 'Randomness comes through ports/random.ts.' },
  {
    object: 'crypto',
    property: 'randomUUID',
    message: 'Randomness comes through ports/random.ts.',
  },
  {
    object: 'crypto',
    property: 'getRandomValues',
    message: 'Randomness comes through ports/random.ts.',
  },
]

const READS_THE_CLOCK = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Time comes through ports/clock.ts.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Time comes through ports/clock.ts.',
  },
  {
    selector: "CallExpression[callee.name='Date']",
    message: 'Time comes through ports/clock.ts.',
  },
]

const NODE_GLOBALS = ['process', 'Buffer', 'global', '__dirname'].map((name) => ({
  name,
  message: 'The Worker runs without Node.',
}))

export default tseslint.config(
  { ignores: ['dist/', 'data/', '.wrangler/', 'bench/results/', '**/*.js', '**/*.cjs'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    rules: {
      // A port is async even when an adapter has nothing to wait for.
      '@typescript-eslint/require-await': 'off',
      // A default that hands the remaining reasons on, still typed, misses none.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // A method that a port prescribes need not use every argument.
      '@typescript-eslint/no-unused-vars': [
        'error',
        { args: 'after-used', argsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // Numbers print the same everywhere; null, objects and booleans in a text are slips.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        {
          allowAny: false,
          allowArray: false,
          allowBoolean: false,
          allowNever: false,
          allowNullish: false,
          allowNumber: true,
          allowRegExp: false,
        },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-properties': ['error', EFFECTS[0]],
    },
  },
  {
    files: ['src/**/*.ts', 'test/**/*.ts'],
    ignores: onNode,
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
  },
  {
    files: onNode,
    languageOptions: {
      parserOptions: { project: './tsconfig.node.json', tsconfigRootDir: import.meta.dirname },
    },
  },
  {
    // They run on workerd, so that they are checked against the platform they run on.
    files: ['bench/*floor-worker.ts', 'examples/workers-oauth-provider/*.ts'],
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname },
    },
  },
  {
    // A chain of routes is made by Hono's base class, which the rule takes for a forgery.
    files: ['src/http/**/*.ts', 'src/app.ts', 'bench/**/*.ts'],
    rules: { '@typescript-eslint/no-unsafe-class-instance-assignment': 'off' },
  },
  {
    files: ['src/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', ...NODE_GLOBALS] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/adapters/system/**'],
    rules: { 'no-restricted-syntax': ['error', ...READS_THE_CLOCK] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/adapters/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...NODE_GLOBALS,
        { name: 'fetch', message: 'The only outbound fetch is in adapters/fetch.' },
        { name: 'Date', message: 'Time comes through ports/clock.ts.' },
      ],
      'no-restricted-properties': ['error', ...EFFECTS],
    },
  },
  {
    // The client runs on other people's machines: its effects are in one file, and can be handed in.
    files: ['src/client/platform.ts'],
    rules: { 'no-restricted-globals': ['error', ...NODE_GLOBALS], 'no-restricted-syntax': 'off' },
  },
  {
    // Dates that the service sent; the rule against reading the clock stays.
    files: ['src/client/verifier.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...NODE_GLOBALS,
        { name: 'fetch', message: 'It is handed in, from platform.ts.' },
      ],
    },
  },
  {
    // Where the platform's fetch is handed to the guarded fetch.
    files: ['src/compose.ts'],
    rules: { 'no-restricted-globals': ['error', ...NODE_GLOBALS] },
  },
  {
    // Arithmetic in UTC on instants that were handed in; the rule against reading the clock stays.
    files: ['src/domain/time.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...NODE_GLOBALS,
        { name: 'fetch', message: 'The only outbound fetch is in adapters/fetch.' },
      ],
    },
  },
)
