import { defineConfig } from 'vitest/config'

const vectors = './test/support/vectors.global-setup.ts'
const bundle = './test/support/bundle.global-setup.ts'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/worker/**', 'test/e2e/**'],
          globalSetup: [vectors],
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: [vectors, bundle],
          // Each story runs a service of its own; two at a time would only measure the machine.
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      './vitest.worker.config.ts',
    ],
  },
})
