#!/usr/bin/env -S node --experimental-strip-types --disable-warning=ExperimentalWarning
import { runLso } from './lso/program.ts'

await runLso(process.argv.slice(2))
