import { build } from './bundle.ts'

await build()
process.stdout.write('dist/index.js is the bundle of the Worker\n')
