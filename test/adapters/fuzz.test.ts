import { expect, it } from 'vitest'
import { fuzz } from '../../scripts/proofs/fuzzing.ts'

const [SEED, COUNT] = [20_260_115, 2_000]

it(`G9: nothing that reads what strangers write throws, over ${String(COUNT)} inputs each (all: npm run prove:fuzz)`, async () => {
  const figures = await fuzz(SEED, COUNT)
  // A reader that took nothing, or everything, was not tried.
  for (const [name, { read, refused }] of Object.entries(figures))
    expect([name, read > COUNT / 100, refused > COUNT / 100]).toEqual([name, true, true])
}, 60_000)
