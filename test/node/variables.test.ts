import { describe, expect, it } from 'vitest'
import {
  formatVariables,
  localHostsOf,
  parseVariables,
  variablesOf,
} from '../../scripts/variables.ts'

describe('variables', () => {
  it.each([
    { when: 'plain', value: 'http://localhost:8787' },
    { when: 'JSON', value: '{"keys":[{"kid":"a"}]}' },
    { when: 'with a dollar sign and a hash', value: 'a$HOME #b' },
    { when: 'with a single quote', value: "it's" },
    { when: 'with a double quote and a backslash', value: 'a"b\\n' },
  ])('come back from a file as they were, $when', ({ value }) => {
    expect(parseVariables(formatVariables({ ADMIN_TOKEN: value }))).toEqual({ ADMIN_TOKEN: value })
  })

  it('names the one that no quotes can hold, and not its value', () => {
    expect(() => formatVariables({ ADMIN_TOKEN: "'`secret" })).toThrow(
      /^ADMIN_TOKEN holds both ' and `$/,
    )
  })

  it('takes nothing else out of an environment', () => {
    const environment = { PATH: '/bin', PUBLIC_URL: 'https://trust.example', LOG_LEVEL: undefined }
    expect(variablesOf(environment)).toEqual({ PUBLIC_URL: 'https://trust.example' })
  })
})

describe('DID_WEB_LOCAL_HOSTS', () => {
  const local = { PUBLIC_URL: 'http://localhost:8787' }

  it.each([
    { when: 'absent', list: undefined, hosts: [] },
    { when: 'empty', list: ' ', hosts: [] },
    { when: 'one', list: 'localhost:8788', hosts: ['localhost:8788'] },
    {
      when: 'several, in their order',
      list: 'b.example:1, a.example:65535,',
      hosts: ['b.example:1', 'a.example:65535'],
    },
  ])('is read when $when', ({ list, hosts }) => {
    expect(
      localHostsOf(list === undefined ? local : { ...local, DID_WEB_LOCAL_HOSTS: list }),
    ).toEqual(hosts)
  })

  it.each(['localhost', 'localhost:0', 'localhost:65536', 'LOCALHOST:1', 'http://a:1', '[::1]:1'])(
    'refuses %s, naming the variable',
    (list) => {
      expect(() => localHostsOf({ ...local, DID_WEB_LOCAL_HOSTS: list })).toThrow(
        /^DID_WEB_LOCAL_HOSTS /,
      )
    },
  )

  it.each([
    { publicUrl: 'http://localhost:8787', honoured: true },
    { publicUrl: 'http://127.0.0.1:8787', honoured: true },
    { publicUrl: 'https://trust.example', honoured: false },
    { publicUrl: 'https://localhost.example', honoured: false },
    { publicUrl: 'no URL', honoured: false },
    { publicUrl: undefined, honoured: false },
  ])('D8: with PUBLIC_URL $publicUrl it is honoured: $honoured', ({ publicUrl, honoured }) => {
    const list = { DID_WEB_LOCAL_HOSTS: 'localhost:8788' }
    const variables = publicUrl === undefined ? list : { ...list, PUBLIC_URL: publicUrl }
    expect(localHostsOf(variables)).toEqual(honoured ? ['localhost:8788'] : [])
  })
})
