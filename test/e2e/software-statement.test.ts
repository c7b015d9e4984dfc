import { generateKeyPair, SignJWT } from 'jose'
import * as oauth from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../scripts/free-port.ts'
import { startExample, type ExampleProcess } from '../support/example-process.ts'
import {
  authorize,
  clientAuthentication,
  ON_LOOPBACK,
  type FapiBuyer,
} from '../support/fapi-buyers.ts'
import { oauthError } from '../support/openid-client-errors.ts'
import { aSellerDeployment, type SellerDeployment } from '../support/seller-deployment.ts'

/*
 * A second authorization server, which has nothing of ours: oidc-provider and jose. What it registers is
 * what the seller's verifier signed about a client that it has accepted.
 */

let world: SellerDeployment, server: ExampleProcess, issuer: string, buyer: FapiBuyer

beforeAll(async () => {
  world = await aSellerDeployment('https://as.seller.example')
  issuer = `http://localhost:${await freePort()}`
  server = await startExample('software-statement/server.ts', {
    ISSUER: issuer,
    STATEMENT_ISSUER: world.seller.did,
    STATEMENT_JWKS_URI: `${world.service.url}/verifiers/seller/jwks`,
  })
  buyer = world.buyers.EdDSA
  const decision = await world.verifier.register({ presentation: await world.presented(buyer) })
  expect(decision.outcome).toBe('accepted')
})

afterAll(async () => {
  await server.stop()
  await world.stop()
})

/** A statement of the seller's verifier about the buyer. */
const minted = (audience = issuer) => world.verifier.mintSoftwareStatement(buyer.did, { audience })

const register = (software_statement: string) =>
  oauth.dynamicClientRegistration(
    new URL(issuer),
    { software_statement },
    clientAuthentication(buyer),
    { ...ON_LOOPBACK, initialAccessToken: 'software-statement' },
  )

describe('oidc-provider with a software statement, and no credential', () => {
  it('R16: registers the client, which completes a FAPI 2.0 flow under its DID', async () => {
    const { statement } = await minted()
    const config = await register(statement)
    expect(config.clientMetadata().client_id).toBe(buyer.did)
    const tokens = await authorize(config, buyer)
    expect(tokens.claims()).toMatchObject({ iss: issuer, aud: buyer.did })
  })

  it('A16: takes a statement once', async () => {
    const { statement } = await minted()
    await register(statement)
    expect(await oauthError(register(statement))).toBe('invalid_software_statement')
  })

  it('A16: takes no statement that was made for another server', async () => {
    const { statement } = await minted('https://third.example')
    expect(await oauthError(register(statement))).toBe('invalid_software_statement')
  })

  it('A16: takes no statement that somebody else signed', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const forged = await new SignJWT({ client_id: buyer.did })
      .setProtectedHeader({
        alg: 'ES256',
        typ: 'software-statement+jwt',
        kid: `${world.seller.did}#dev-p256`,
      })
      .setIssuer(world.seller.did)
      .setAudience(issuer)
      .setIssuedAt()
      .setExpirationTime('5m')
      .setJti('1')
      .sign(privateKey)
    expect(await oauthError(register(forged))).toBe('invalid_software_statement')
  })

  it('S5: takes no statement that its verifier took back', async () => {
    const { statement, jti } = await minted()
    await world.verifier.revokeSoftwareStatement(jti)
    expect(await oauthError(register(statement))).toBe('invalid_software_statement')
  })

  it('R4: takes no statement of a client that was revoked since, and there is no new one', async () => {
    const { statement } = await minted()
    await world.revoke(buyer)
    expect(await oauthError(register(statement))).toBe('invalid_software_statement')
    await expect(minted()).rejects.toMatchObject({ status: 409, reason: 'client_not_active' })
  })
})
