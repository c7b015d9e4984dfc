import {
  createRemoteJWKSet,
  customFetch,
  errors,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  SignJWT,
} from 'jose'
import { describe, expect, it } from 'vitest'
import { DID_WEB_CACHE_SECONDS } from '../../src/domain/limits.ts'
import { DID, method, source } from '../support/did-documents.ts'
import { PUBLIC_URL, resolutionApp } from '../support/resolution-app.ts'

const HOST = 'https://client.example/.well-known/did.json'

/** A client that has rotated its key since the service read its document, seen through jose. */
async function afterRotation() {
  const [before, after] = [await newKey('#before'), await newKey('#after')]
  const app = resolutionApp({ [HOST]: before.answer })
  const keys = createRemoteJWKSet(new URL(`${PUBLIC_URL}/clients/${DID}/jwks`), {
    cooldownDuration: 0,
    [customFetch]: async (url) => app.get(new URL(url).pathname),
  })
  const verify = async (key: typeof before) => jwtVerify(await key.sign(), keys, { issuer: DID })
  await verify(before)
  app.fetch.answers.set(HOST, after.answer)
  return { app, before, after, verify }
}

async function newKey(fragment: string) {
  const { publicKey, privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  const publicKeyJwk = await exportJWK(publicKey)
  return {
    answer: {
      json: source({
        verificationMethod: [method({ id: fragment, publicKeyJwk })],
        authentication: [fragment],
        assertionMethod: [],
      }),
    },
    sign: () =>
      new SignJWT({ iss: DID })
        .setProtectedHeader({ alg: 'EdDSA', kid: `${DID}${fragment}` })
        .sign(privateKey),
  }
}

describe('createRemoteJWKSet of jose, when the keys of a client change', () => {
  it('D25: has the new key when the document has outlived its time in memory, not a second before', async () => {
    const { app, before, after, verify } = await afterRotation()
    app.clock.pass(DID_WEB_CACHE_SECONDS - 1)
    await expect(verify(after)).rejects.toThrow(errors.JWKSNoMatchingKey)
    app.clock.pass(1)
    expect((await verify(after)).protectedHeader.kid).toBe(`${DID}#after`)
    await expect(verify(before)).rejects.toThrow(errors.JWKSNoMatchingKey)
  })

  it('D25: has the new key at once when somebody had the DID resolved anew', async () => {
    const { app, after, verify } = await afterRotation()
    const resolveAnew = () => app.get(`/1.0/identifiers/${DID}?noCache=true`)
    await expect(verify(after)).rejects.toThrow(errors.JWKSNoMatchingKey)
    await resolveAnew()
    expect((await verify(after)).protectedHeader.kid).toBe(`${DID}#after`)
  })
})
