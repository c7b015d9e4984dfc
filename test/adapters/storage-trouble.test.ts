import { describe, expect, it } from 'vitest'
import { ask } from '../../src/adapters/durable/call.ts'
import { StorageUnavailable } from '../../src/ports/change.ts'

/** What workerd said when its storage was locked, full, spoilt or away. */
const TROUBLES = [
  'database is locked: SQLITE_BUSY',
  'disk I/O error: SQLITE_IOERR (extended: SQLITE_IOERR_WRITE)',
  'disk I/O error: SQLITE_IOERR (extended: SQLITE_IOERR_SHMSIZE)',
  'database or disk is full: SQLITE_FULL',
  'file is not a database: SQLITE_NOTADB',
  'database disk image is malformed: SQLITE_CORRUPT',
  'internal error; reference = 0123456789abcdefghijklmn',
  'Durable Object storage operation exceeded timeout which caused object to be reset.',
  'Durable Object is overloaded. Too many requests for the same object within a 10 second window.',
  'Network connection lost.',
]

describe('a call to an object', () => {
  it('answers what the object answers', async () => {
    expect(await ask(Promise.resolve('an answer'))).toBe('an answer')
  })

  it.each(TROUBLES)('H15: is storage that cannot answer now: %s', async (message) => {
    const cause = new Error(message)
    const asked = ask(Promise.reject(cause))
    await expect(asked).rejects.toThrow(StorageUnavailable)
    await expect(asked).rejects.toMatchObject({ cause })
  })

  it.each([{ retryable: true }, { overloaded: true }])(
    'H15: is storage that cannot answer now when the platform says %o',
    async (mark) => {
      const cause = Object.assign(new Error('for whatever reason'), mark)
      await expect(ask(Promise.reject(cause))).rejects.toThrow(StorageUnavailable)
    },
  )

  it.each([
    { when: 'a bug', cause: new TypeError("Cannot read properties of undefined (reading 'id')") },
    { when: 'a fault of ours', cause: new Error('a reserved credential is gone') },
    { when: 'no error at all', cause: 'SQLITE_BUSY' },
  ])('H15: takes $when for no storage trouble', async ({ cause }) => {
    const asked = ask(Promise.reject(cause as Error))
    await expect(asked).rejects.toBe(cause)
  })
})
