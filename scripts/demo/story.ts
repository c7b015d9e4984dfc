import { isDeepStrictEqual } from 'node:util'

/** A story that is told step by step; it fails when one observation differs from what was expected. */
export interface Story {
  /** Begins a step. */
  step(title: string): void
  /** Says what was seen. */
  saw(what: string): void
  /** Says what was seen and holds it against what must be so. */
  holds(what: string, seen: unknown, expected: unknown): void
  /** True while everything held. */
  readonly good: boolean
}

export function story(write: (line: string) => void): Story {
  let [steps, good] = [0, true]
  return {
    step(title) {
      steps++
      write(`\n${String(steps)}. ${title}`)
    },
    saw(what) {
      write(`   · ${what}`)
    },
    holds(what, seen, expected) {
      const same = isDeepStrictEqual(seen, expected)
      good &&= same
      write(same ? `   ✓ ${what}` : `   ✗ ${what}: saw ${show(seen)}, expected ${show(expected)}`)
    },
    get good() {
      return good
    },
  }
}

const show = (value: unknown): string =>
  value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 400)
