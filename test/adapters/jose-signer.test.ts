import { compactVerify, importJWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { createSignatureVerifier } from '../../src/adapters/jose/signature-verifier.ts'
import { createSigner } from '../../src/adapters/jose/signer.ts'
import { readSigningKeys } from '../../src/adapters/jose/signing-keys.ts'
import { readCompactJws } from '../../src/domain/jws.ts'
import { generateKey } from '../support/generated-keys.ts'

const ALGORITHMS = ['EdDSA', 'ES256', 'ES384', 'PS256'] as const
const generated = await Promise.all(ALGORITHMS.map(generateKey))
const jwks = generated.map(({ privateJwk }, at) => ({ ...privateJwk, kid: `key-${at}` }))

function signerOf(...keys: readonly Readonly<Record<string, string>>[]) {
  const read = readSigningKeys(JSON.stringify({ keys }))
  if (!read.ok) throw new Error(read.refusal.fault)
  return createSigner(read.value)
}

const signer = signerOf(...jwks)
const verifier = createSignatureVerifier()
const header = { typ: 'vc+jwt', cty: 'vc', kid: 'did:web:issuer.example#key-1' }
const payload = { iss: 'did:web:issuer.example', name: 'Büro “Süd” 🏢' }

describe.each(signer.keys)('Signer with $alg', ({ kid, alg, publicKeyJwk }) => {
  it('signs a token that the gate and the verifier accept, with the alg of the key', async () => {
    const compact = await signer.sign(kid, header, payload)
    const jws = readCompactJws(compact, 'credential-vcdm2')
    expect(jws).toMatchObject({ ok: true, value: { alg, header: { ...header, alg }, payload } })
    expect(jws.ok ? await verifier.verify(jws.value, publicKeyJwk) : jws).toEqual({
      ok: true,
      value: true,
    })
  })

  it('signs what jose verifies', async () => {
    const compact = await signer.sign(kid, header, payload)
    const key = await importJWK({ ...publicKeyJwk }, alg)
    const verified = await compactVerify(compact, key, { algorithms: [alg] })
    expect(JSON.parse(new TextDecoder().decode(verified.payload))).toEqual(payload)
    expect(verified.protectedHeader).toEqual({ ...header, alg })
  })

  it('lets no header of the caller name another algorithm, and changes no argument', async () => {
    const given = { ...header, alg: 'none' }
    const jws = readCompactJws(await signer.sign(kid, given, payload), 'credential-vcdm2')
    expect(jws).toMatchObject({ ok: true, value: { alg } })
    expect(given).toEqual({ ...header, alg: 'none' })
  })
})

describe('createSigner', () => {
  it('K5: shows of its keys the public side alone', () => {
    expect(signer.keys).toEqual(
      ALGORITHMS.map((alg, at) => ({
        kid: `key-${at}`,
        alg,
        publicKeyJwk: generated[at]?.jwk,
      })),
    )
    const shown = JSON.stringify(signer)
    for (const { privateJwk } of generated)
      for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi'] as const)
        if (privateJwk[member] !== undefined) expect(shown).not.toContain(privateJwk[member])
  })

  it('throws for a kid that it does not have', async () => {
    await expect(signer.sign('key-9', header, payload)).rejects.toThrow(
      'no signing key has this kid',
    )
  })
})
