import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const script = fileURLToPath(new URL('../../scripts/keygen.ts', import.meta.url))

function keygen(args: readonly string[], signingKeys?: string) {
  const { SIGNING_KEYS: _, ...rest } = process.env
  const env = signingKeys === undefined ? rest : { ...rest, SIGNING_KEYS: signingKeys }
  const node = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning', script]
  return spawnSync(process.execPath, [...node, ...args], { encoding: 'utf8', env })
}

const keysOf = (output: string) =>
  (JSON.parse(output) as { keys: Readonly<Record<string, string>>[] }).keys

describe('npm run keygen', () => {
  it.each([
    { alg: 'EdDSA', kty: 'OKP', secret: ['d'] },
    { alg: 'ES256', kty: 'EC', secret: ['d'] },
    { alg: 'ES384', kty: 'EC', secret: ['d'] },
    { alg: 'PS256', kty: 'RSA', secret: ['d', 'p', 'q', 'dp', 'dq', 'qi'] },
  ])('makes a key for $alg and parts the secret from the public', ({ alg, kty, secret }) => {
    const { status, stdout } = keygen(['--alg', alg, '--kid', 'k1'])
    expect(status).toBe(0)
    const [privateSet = '', publicSet = ''] = stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
    expect(stdout.indexOf('SECRET')).toBeLessThan(stdout.indexOf(privateSet))
    expect(stdout.indexOf('PUBLIC')).toBeLessThan(stdout.indexOf(publicSet))
    const [privateKey = {}] = keysOf(privateSet)
    expect(privateKey).toMatchObject({ kid: 'k1', alg, kty })
    for (const member of secret) expect(privateKey).toHaveProperty(member)
    const kept = Object.entries(privateKey).filter(([member]) => !secret.includes(member))
    expect(keysOf(publicSet)).toEqual([Object.fromEntries(kept)])
  })

  it('J27: makes RSA keys of 3,072 bits', () => {
    const [key] = keysOf(keygen(['--alg', 'PS256', '--only', 'public']).stdout)
    expect(Buffer.from(key?.['n'] ?? '', 'base64url')).toHaveLength(384)
  })

  it('names a key by its thumbprint when it gets no name', () => {
    const [key] = keysOf(keygen(['--only', 'public']).stdout)
    expect(key?.['kid']).toMatch(/^[A-Za-z0-9_-]{43}$/)
  })

  it('adds a key to the set that is there', () => {
    const before = keygen(['--kid', 'k1', '--only', 'secret']).stdout
    const after = keygen(['--kid', 'k2', '--append', '--only', 'secret'], before).stdout
    expect(keysOf(after)).toHaveLength(2)
    expect(keysOf(after)[0]).toEqual(keysOf(before)[0])
  })

  it.each([
    { when: 'the algorithm is none of ours', args: ['--alg', 'RS256'], says: '--alg' },
    { when: 'the name has a space', args: ['--kid', 'a b'], says: '--kid' },
    { when: 'the part is unknown', args: ['--only', 'all'], says: '--only' },
    { when: 'an option is unknown', args: ['--size', '1'], says: '--size' },
    { when: 'there is no set to add to', args: ['--append'], says: 'SIGNING_KEYS' },
  ])('refuses when $when and shows how it is done', ({ args, says }) => {
    const { status, stdout, stderr } = keygen(args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr.split('\n')[0]).toContain(says)
    expect(stderr).toContain('npm run keygen -- ')
  })

  it.each([
    { when: 'is not JSON', set: 'secret-' },
    { when: 'is no set', set: '{"d":"secret-"}' },
    { when: 'holds no keys', set: '{"keys":["secret-"]}' },
    { when: 'has the name already', set: '{"keys":[{"kid":"k1","d":"secret-"}]}' },
  ])('H18: refuses to add to a set that $when, without repeating it', ({ set }) => {
    const { status, stdout, stderr } = keygen(['--kid', 'k1', '--append'], set)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain('SIGNING_KEYS')
    expect(stderr).not.toContain('secret-')
  })
})
