import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { makeDevelopmentKeys } from './scripts/signing-keys.ts'
import { VARIABLES } from './scripts/variables.ts'

// No question to the network for a sample of `request.cf`, and no word about .dev.vars per file.
process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false'
process.env['WRANGLER_LOG'] = 'warn'

/** The tests inside workerd: the Worker of wrangler.toml with its Durable Objects and migrations. */
export default defineConfig({
  plugins: [
    cloudflareTest(async () => ({
      wrangler: { configPath: './wrangler.toml' },
      miniflare: {
        bindings: {
          // The plugin reads a developer's .dev.vars; no test may depend on what is in it.
          ...Object.fromEntries(VARIABLES.map((name) => [name, null])),
          PUBLIC_URL: 'http://localhost:8787',
          ADMIN_TOKEN: 'test-only-admin-token-of-no-other-use-0123456789',
          SIGNING_KEYS: JSON.stringify(await makeDevelopmentKeys()),
        },
      },
    })),
  ],
  test: {
    name: 'worker',
    include: ['test/worker/**/*.test.ts'],
    globalSetup: ['./test/support/vectors.global-setup.ts'],
  },
})
