import { describe, expect, it } from 'vitest'
import {
  readCompactJws,
  readCredentialJws,
  readStatusListCredentialJws,
  readTokenStatusListJws,
} from '../../src/domain/jws.ts'
import { compactJws, GOOD } from '../support/compact-jws.ts'

const LIST_CHARACTERS = 256 * 1024

/** A token of exactly so many characters: what its payload leaves open, the `kid` fills. */
function tokenOf(purpose: 'credential-vcdm2' | 'token-status-list', characters: number): string {
  const { header, payload } = GOOD[purpose]
  const kid = 'did:web:issuer.example#key-1'
  const token = (filler: number, longerKid: number) =>
    compactJws(
      { ...header, kid: kid + 'k'.repeat(longerKid) },
      { ...payload, x: 'x'.repeat(filler) },
    )
  const rough = Math.floor(((characters - token(0, 0).length) * 3) / 4) - 6
  for (let filler = rough; filler < rough + 9; filler++)
    for (let longerKid = 0; longerKid < 9; longerKid++)
      if (token(filler, longerKid).length === characters) return token(filler, longerKid)
  throw new Error('no token is of that length')
}

describe.each([
  {
    list: 'a list credential',
    purpose: 'credential-vcdm2',
    read: readStatusListCredentialJws,
    otherwise: readCredentialJws,
  },
  {
    list: 'a Token Status List',
    purpose: 'token-status-list',
    read: readTokenStatusListJws,
    otherwise: (token: string) => readCompactJws(token, 'token-status-list'),
  },
] as const)('the gate for $list', ({ purpose, read, otherwise }) => {
  it('J18: takes 256 KiB, where other tokens end at 64 KiB', () => {
    const token = tokenOf(purpose, LIST_CHARACTERS)
    expect(read(token).ok).toBe(true)
    expect(otherwise(token)).toEqual({ ok: false, refusal: { reason: 'token_too_large' } })
  })

  it('J18: refuses one character more', () => {
    const token = tokenOf(purpose, LIST_CHARACTERS + 1)
    expect(read(token)).toEqual({ ok: false, refusal: { reason: 'token_too_large' } })
  })

  it('J12: refuses what is a token of another kind', () => {
    const { header, payload } = GOOD[purpose]
    expect(read(compactJws(header, payload)).ok).toBe(true)
    for (const typ of [
      'vp+jwt',
      'dpop+jwt',
      purpose === 'token-status-list' ? 'vc+jwt' : 'statuslist+jwt',
    ])
      expect(read(compactJws({ ...header, typ, cty: undefined }, payload))).toEqual({
        ok: false,
        refusal: { reason: 'typ_mismatch' },
      })
  })
})
