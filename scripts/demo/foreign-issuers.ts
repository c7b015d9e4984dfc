import type { webcrypto } from 'node:crypto'
import { createVerifiableCredentialJwt } from 'did-jwt-vc'
import { EdDSASigner } from 'did-jwt'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** An issuer that has nothing to do with this service: a did:jwk whose key was made here and now. */
interface ForeignIssuer {
  readonly did: string
  readonly kid: string
  readonly seed: Uint8Array
  readonly privateKey: webcrypto.CryptoKey
}

async function foreignIssuer(): Promise<ForeignIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('Ed25519', { extractable: true })
  const { kty, crv, x } = await exportJWK(publicKey)
  const did = `did:jwk:${Buffer.from(JSON.stringify({ crv, kty, x })).toString('base64url')}`
  const seed = Buffer.from((await exportJWK(privateKey)).d ?? '', 'base64url')
  return { did, kid: `${did}#0`, seed, privateKey }
}

/** A VCDM 1.1 credential made and signed by did-jwt-vc alone. */
export async function credentialByDidJwtVc(subject: string): Promise<string> {
  const { did, kid, seed } = await foreignIssuer()
  const now = Math.floor(Date.now() / 1000)
  return createVerifiableCredentialJwt(
    {
      sub: subject,
      nbf: now,
      exp: now + 3_600,
      jti: `urn:uuid:${crypto.randomUUID()}`,
      vc: {
        '@context': ['https://www.w3.org/2018/credentials/v1'],
        type: ['VerifiableCredential'],
        credentialSubject: { memberOf: 'Example Exchange' },
      },
    },
    { did, signer: EdDSASigner(seed), alg: 'EdDSA' },
    { header: { kid } },
  )
}

/** A VCDM 2.0 credential made and signed with jose alone. */
export async function credentialByJose(subject: string): Promise<string> {
  const { did, kid, privateKey } = await foreignIssuer()
  return new SignJWT({
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    id: `urn:uuid:${crypto.randomUUID()}`,
    type: ['VerifiableCredential'],
    issuer: did,
    validFrom: new Date(Date.now() - 1_000).toISOString(),
    credentialSubject: { id: subject, memberOf: 'Example Exchange' },
  })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'vc+jwt', cty: 'vc', kid })
    .sign(privateKey)
}

/** A presentation of somebody else's credential, signed by a holder who is not its subject. */
export async function presentationByThief(
  credential: unknown,
  challenge: string,
  audience: string,
): Promise<string> {
  const { did, kid, privateKey } = await foreignIssuer()
  return new SignJWT({
    '@context': ['https://www.w3.org/ns/credentials/v2'],
    type: ['VerifiablePresentation'],
    holder: did,
    verifiableCredential: [credential],
    nonce: challenge,
  })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'vp+jwt', cty: 'vp', kid })
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('2m')
    .sign(privateKey)
}
