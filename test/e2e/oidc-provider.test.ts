import * as oauth from 'openid-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../scripts/free-port.ts'
import { startExample, type ExampleProcess } from '../support/example-process.ts'
import {
  askForCode,
  authorize,
  CALLBACK,
  clientAuthentication,
  KEY_KINDS,
  ON_LOOPBACK,
  type FapiBuyer,
  type KeyKind,
} from '../support/fapi-buyers.ts'
import { oauthError } from '../support/openid-client-errors.ts'
import { aSellerDeployment, type SellerDeployment } from '../support/seller-deployment.ts'

/*
 * Each with an unmodified library, and each in a process of its own: the service on plain workerd, the
 * authorization server of examples/oidc-provider, and a buyer with openid-client.
 */

/** Seconds for which the authorization server keeps what it was told about a client. */
const STATUS_SECONDS = 1

let world: SellerDeployment, server: ExampleProcess, issuer: string

beforeAll(async () => {
  issuer = `http://localhost:${await freePort()}`
  world = await aSellerDeployment(issuer)
  server = await startExample('oidc-provider/server.ts', {
    ISSUER: issuer,
    TRUST_URL: world.service.url,
    VERIFIER: 'seller',
    VERIFIER_TOKEN: world.seller.token,
    STATUS_SECONDS: String(STATUS_SECONDS),
  })
})

afterAll(async () => {
  await server.stop()
  await world.stop()
})

/** Dynamic client registration as openid-client has it; the token leads to the policy. */
const register = (buyer: FapiBuyer, metadata: object, initialAccessToken = 'presentation') =>
  oauth.dynamicClientRegistration(new URL(issuer), { ...metadata }, clientAuthentication(buyer), {
    ...ON_LOOPBACK,
    initialAccessToken,
  })

describe.each(Object.keys(KEY_KINDS) as KeyKind[])(
  'oidc-provider and openid-client, with a did:web and a key for %s',
  (kind) => {
    let buyer: FapiBuyer, config: oauth.Configuration, accessToken: string

    it('R16: registers by presentation; its DID is its client_id', async () => {
      buyer = world.buyers[kind]
      config = await register(buyer, { presentation: await world.presented(buyer) })
      expect(config.clientMetadata()).toMatchObject({
        client_id: buyer.did,
        client_name: 'Example Buyer Ltd',
        token_endpoint_auth_method: 'private_key_jwt',
      })
    })

    it('F1–F8: completes a FAPI 2.0 flow: PAR, signed request object, PKCE, DPoP', async () => {
      const tokens = await authorize(config, buyer)
      expect(tokens).toMatchObject({ token_type: 'dpop', scope: 'openid lso:sonata:buyer' })
      expect(tokens.claims()).toMatchObject({ iss: issuer, aud: buyer.did, sub: 'operator@buyer' })
      accessToken = tokens.access_token
    })

    it('F4: cannot ask without a signed request object', async () => {
      const asked = { redirect_uri: CALLBACK, scope: 'openid' }
      expect(await oauthError(oauth.buildAuthorizationUrlWithPAR(config, asked))).toBe(
        'invalid_request',
      )
    })

    const userInfo = () =>
      oauth.fetchUserInfo(config, accessToken, 'operator@buyer', {
        DPoP: oauth.getDPoPHandle(config, buyer.dpop),
      })

    it('F9: its access token counts with its DPoP key, and with no other', async () => {
      expect(await userInfo()).toMatchObject({ sub: 'operator@buyer' })
      const other = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair('ES256'))
      const stolen = oauth.fetchUserInfo(config, accessToken, 'operator@buyer', { DPoP: other })
      await expect(stolen).rejects.toThrow(oauth.WWWAuthenticateChallengeError)
    })

    it('F8: gets tokens once for one code, also when it asks several times at once', async () => {
      const redeem = await askForCode(config, buyer)
      const asked = await Promise.allSettled(Array.from({ length: 8 }, () => redeem()))
      expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(await oauthError(redeem())).toBe('invalid_grant')
    })

    it('R4: is cut off within one status interval of its revocation', async () => {
      await authorize(config, buyer)
      await world.revoke(buyer)
      await new Promise((resolve) => setTimeout(resolve, STATUS_SECONDS * 1000))
      expect(await oauthError(authorize(config, buyer))).toBe('invalid_client')
      expect(await oauthError(oauth.clientCredentialsGrant(config))).toBe('invalid_client')
      await expect(userInfo()).rejects.toThrow(oauth.WWWAuthenticateChallengeError)
      const again = register(buyer, { presentation: await world.presented(buyer) })
      expect(await oauthError(again)).toBe('unapproved_software_statement')
    })
  },
)

describe('the registration policy of examples/oidc-provider', () => {
  const by = () => world.buyers.ES256
  it.each([
    {
      when: 'the credential is about somebody else',
      present: () =>
        by().present({ url: world.service.url, verifier: 'seller', audience: issuer }, [
          world.credentialOf(world.buyers.EdDSA),
        ]),
    },
    {
      when: 'it is for another audience',
      present: () =>
        by().present(
          { url: world.service.url, verifier: 'seller', audience: 'https://other.example' },
          [world.credentialOf(by())],
        ),
    },
    { when: 'it is no presentation', present: async () => 'not.a.presentation' },
  ])('refuses a presentation when $when', async ({ present }) => {
    const asked = register(by(), { presentation: await present() })
    expect(await oauthError(asked)).toMatch(/^(invalid|unapproved)_software_statement$/)
  })

  it('refuses a request without one, and without the way to the policy', async () => {
    expect(await oauthError(register(by(), {}))).toBe('invalid_client_metadata')
    const presentation = await world.presented(by())
    await expect(register(by(), { presentation }, 'another')).rejects.toThrow(
      oauth.WWWAuthenticateChallengeError,
    )
  })
})
