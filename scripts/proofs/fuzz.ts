import { parseArgs } from 'node:util'
import { fuzz } from './fuzzing.ts'
import { conclude } from './proving.ts'

/**
 * Goal G9: feeds every reader of what strangers write with inputs made from good ones, and checks that
 * none throws, and that what is read and written again is the same. Prints how many were read and
 * refused as JSON; ends with the input that broke a reader, if there is one.
 */
const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '550000' },
    seed: { type: 'string', default: '20260115' },
  },
})
const [count, seed] = [Number(values.count), Number(values.seed)]
const figures = await fuzz(seed, count)
const total = Object.keys(figures).length * count
// A reader that took nothing, or everything, was not tried.
const untried = Object.values(figures).filter(({ read, refused }) => read === 0 || refused === 0)
conclude({ goal: 'G9', seed, total, figures }, { untried: untried.length })
