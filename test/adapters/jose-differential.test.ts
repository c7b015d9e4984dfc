import { createVerifiableCredentialJwt, createVerifiablePresentationJwt } from 'did-jwt-vc'
import { compactVerify, importJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { createSignatureVerifier } from '../../src/adapters/jose/signature-verifier.ts'
import { encodeBase64url, utf8 } from '../../src/domain/base64url.ts'
import { readCompactJws, readCredentialJws, readPresentationJws } from '../../src/domain/jws.ts'
import { part } from '../support/compact-jws.ts'
import { generateKey, WEB_CRYPTO_NAMES, type GeneratedKey } from '../support/generated-keys.ts'

const ALGORITHMS = ['EdDSA', 'ES256', 'ES384', 'PS256'] as const
type Alg = (typeof ALGORITHMS)[number]
const keys = new Map<Alg, GeneratedKey>(
  await Promise.all(ALGORITHMS.map(async (alg) => [alg, await generateKey(alg)] as const)),
)
const verifier = createSignatureVerifier()

/** The same numbers in every run: a linear congruence, so that a finding can be repeated. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
const SEED = 20_260_115
const TOKENS = 3_000

const HEADER_CHANGES: readonly Readonly<Record<string, unknown>>[] = [
  { cty: 'JWT' },
  { cty: 'vc' },
  { crit: ['b64'], b64: false },
  { crit: ['exp'] },
  { crit: [] },
  { zip: 'DEF' },
  { jku: 'https://keys.example' },
  { x5t: 'MHg' },
  { typ: 'dpop+jwt' },
  { typ: 'application/JWT' },
  { typ: undefined },
  { kid: undefined },
  { kid: 1 },
  { alg: 'none' },
  { alg: 'HS256' },
  { alg: 'Ed25519' },
  { alg: 'ES256' },
  { alg: 'PS256' },
  { unknown: { deep: [] } },
]
const PAYLOADS = [
  '{"iss":"did:web:a.example","vc":{}}',
  ' {"vc" : {} , "n" : 1e3 }\n',
  '{"vc":{},"vc":{}}',
  '{"vc":[]}',
  '{"vc":{},"vp":{}}',
  '[]',
  'text',
  '',
  '{"vc":{"name":"\\ud800"}}',
]
const CHARACTERS = ['A', '_', '=', '+', '.', ' ', '\n', 'é', '~']

/** A token with a genuine signature over a header and payload that may be bad, and text changed or not. */
async function makeToken(next: (below: number) => number, alg: Alg): Promise<string> {
  const change = next(2) === 0 ? {} : (HEADER_CHANGES[next(HEADER_CHANGES.length)] ?? {})
  const header = { alg, typ: 'JWT', kid: 'did:web:a.example#key-1', ...change }
  const payload = PAYLOADS[next(3) === 0 ? next(PAYLOADS.length) : next(2)] ?? ''
  const input = `${part(JSON.stringify(header))}.${part(payload)}`
  const { privateKey } = keys.get(alg) ?? (await generateKey(alg))
  const signed = await crypto.subtle.sign(WEB_CRYPTO_NAMES[alg].sign, privateKey, utf8(input))
  const token = `${input}.${encodeBase64url(new Uint8Array(signed))}`
  const at = next(token.length)
  const character = CHARACTERS[next(CHARACTERS.length)] ?? ''
  switch (next(6)) {
    case 0:
      return `${token.slice(0, at)}${character}${token.slice(at)}`
    case 1:
      return `${token.slice(0, at)}${token.slice(at + 1)}`
    case 2:
      return `${token.slice(0, at)}${character}${token.slice(at + 1)}`
    default:
      return token
  }
}

async function weAccept(token: string, key: GeneratedKey): Promise<boolean> {
  const jws = readCompactJws(token, 'credential-vcdm1')
  return jws.ok && (await verifier.verify(jws.value, key.jwk)).ok
}

async function joseAccepts(token: string, alg: Alg, key: GeneratedKey): Promise<boolean> {
  const algorithms = alg === 'EdDSA' ? ['EdDSA', 'Ed25519'] : [alg]
  try {
    await compactVerify(token, await importJWK({ ...key.jwk }, alg), { algorithms })
    return true
  } catch {
    return false
  }
}

describe('what we accept against what jose accepts (G9)', () => {
  it(`G9: is a part of it, over ${TOKENS} good and mutated tokens of seed ${SEED}`, async () => {
    const next = numbers(SEED)
    const counts = { both: 0, joseAlone: 0, neither: 0 }
    const oursAlone: string[] = []
    for (let index = 0; index < TOKENS; index++) {
      const alg = ALGORITHMS[next(ALGORITHMS.length)] ?? 'EdDSA'
      const token = await makeToken(next, alg)
      const key = keys.get(alg) ?? (await generateKey(alg))
      const [ours, theirs] = [await weAccept(token, key), await joseAccepts(token, alg, key)]
      if (ours && !theirs) oursAlone.push(token)
      else if (ours) counts.both++
      else if (theirs) counts.joseAlone++
      else counts.neither++
    }
    expect(oursAlone).toEqual([])
    // Each group was really met: the subset is a true one and not an empty one.
    expect(Math.min(counts.both, counts.joseAlone, counts.neither)).toBeGreaterThan(200)
  }, 60_000)
})

describe('benign tokens of did-jwt-vc', () => {
  const did = 'did:web:issuer.example'
  const options = { header: { kid: `${did}#key-1` } }

  it.each(['EdDSA', 'ES256'] as const)('G9: pass the gate with %s', async (alg) => {
    const key = keys.get(alg) ?? (await generateKey(alg))
    const issuer = {
      did,
      alg,
      signer: async (data: string | Uint8Array) => {
        const bytes = typeof data === 'string' ? utf8(data) : data
        const signed = await crypto.subtle.sign(WEB_CRYPTO_NAMES[alg].sign, key.privateKey, bytes)
        return encodeBase64url(new Uint8Array(signed))
      },
    }
    const credential = await createVerifiableCredentialJwt(
      {
        '@context': ['https://www.w3.org/2018/credentials/v1'],
        type: ['VerifiableCredential'],
        issuer: did,
        issuanceDate: '2026-01-15T12:00:00Z',
        credentialSubject: { id: 'did:web:buyer.example', name: 'Buyer' },
      },
      issuer,
      options,
    )
    const presentation = await createVerifiablePresentationJwt(
      {
        '@context': ['https://www.w3.org/2018/credentials/v1'],
        type: ['VerifiablePresentation'],
        holder: did,
        verifiableCredential: [credential],
      },
      issuer,
      { ...options, domain: 'https://verifier.example', challenge: 'a1' },
    )
    for (const jws of [readCredentialJws(credential), readPresentationJws(presentation)])
      expect(jws.ok ? await verifier.verify(jws.value, key.jwk) : jws).toEqual({
        ok: true,
        value: true,
      })
  })
})
