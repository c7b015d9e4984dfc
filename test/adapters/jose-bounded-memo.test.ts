import { describe, expect, it } from 'vitest'
import { createBoundedMemo } from '../../src/adapters/jose/bounded-memo.ts'

describe('createBoundedMemo', () => {
  const values = { a: { name: 'a' }, b: { name: 'b' }, c: { name: 'c' } }

  it('remembers as many values as it may hold', () => {
    const memo = createBoundedMemo<{ readonly name: string }>(2)
    expect(memo.get('a')).toBeUndefined()
    memo.set('a', values.a)
    memo.set('b', values.b)
    expect([memo.get('a'), memo.get('b')]).toEqual([values.a, values.b])
  })

  it('forgets the value that was not used for longest, one for each beyond its capacity', () => {
    const memo = createBoundedMemo<{ readonly name: string }>(2)
    memo.set('a', values.a)
    memo.set('b', values.b)
    memo.get('a')
    memo.set('c', values.c)
    expect(['a', 'b', 'c'].map((key) => memo.get(key)?.name)).toEqual(['a', undefined, 'c'])
  })

  it('forgets nothing when a value is replaced', () => {
    const memo = createBoundedMemo<{ readonly name: string }>(2)
    memo.set('a', values.a)
    memo.set('b', values.b)
    memo.set('a', values.c)
    expect(['a', 'b'].map((key) => memo.get(key)?.name)).toEqual(['c', 'b'])
  })
})
