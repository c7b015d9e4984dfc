import { createTrustClient, type JsonObject, type TrustClient } from '../../src/client/index.ts'
import { at, call, textAt, type Json } from './http.ts'
import { serveHandlers } from './process.ts'

/**
 * The seller's authorization server, as far as it concerns this service: it resolves clients, has
 * presentations verified and asks for status, all with the typed client. It knows its verifier's URL
 * and token, and no key.
 */
await serveHandlers(async () => {
  let verifier: { readonly trust: TrustClient; readonly id: string } | undefined
  let followed = { url: '', token: '', id: '' }
  const configured = () => {
    if (verifier === undefined) throw new Error('the authorization server is not configured')
    return verifier
  }
  return {
    'POST /configure': (settings: Json) => {
      const [url, token] = [textAt(settings, 'service'), textAt(settings, 'token')]
      followed = { url, token, id: textAt(settings, 'id') }
      verifier = { trust: createTrustClient({ url, token }), id: textAt(settings, 'id') }
      return null
    },
    /** What it learns of a client_id before it talks to the client. */
    'POST /client': async (request: Json) => {
      const { trust } = configured()
      const clientId = textAt(request, 'clientId')
      const [document, client, jwks] = [
        await trust.resolve(clientId),
        await trust.client(clientId),
        await trust.clientKeys(clientId),
      ]
      return told({ document, client, jwks })
    },
    'POST /verify-presentation': async (request: Json) => {
      const { trust, id } = configured()
      const options = { challenge: textAt(request, 'challenge'), domain: textAt(request, 'domain') }
      const presentation = textAt(request, 'presentation')
      return told(await trust.verifier(id).verifyPresentation(presentation, options))
    },
    'POST /verify-credential': async (request: Json) => {
      const { trust, id } = configured()
      const credential = at(request, 'credential')
      const secured = typeof credential === 'string' ? credential : (told(credential) as JsonObject)
      return told(await trust.verifier(id).verifyCredential(secured))
    },
    /** Its token endpoint: who is it? */
    'POST /authenticate': async (request: Json) => {
      const { trust, id } = configured()
      const asked = {
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: textAt(request, 'assertion'),
      }
      return told(await trust.verifier(id).verifyClientAssertion(asked))
    },
    /** Its PAR endpoint: what does the client ask for? */
    'POST /par': async (request: Json) => {
      const { trust, id } = configured()
      const asked = { client_id: textAt(request, 'clientId'), request: textAt(request, 'request') }
      return told(await trust.verifier(id).verifyRequestObject(asked))
    },
    /** The keys of its verifier, which it keeps. */
    'POST /keys': async () => {
      const { trust, id } = configured()
      return told(await trust.verifier(id).keys())
    },
    /** What has changed among its clients since `since`. */
    'POST /changes': async (request: Json) => {
      const { url, token, id } = followed
      const since = at(request, 'since')
      const query = typeof since === 'string' ? `?since=${since}` : ''
      return (await call('GET', `${url}/verifiers/${id}/clients/changes${query}`, { token })).body
    },
    /** What it polls before it lets a client in. */
    'POST /client-status': async (request: Json) => {
      const { trust, id } = configured()
      return told(await trust.verifier(id).clientStatus(textAt(request, 'clientId')))
    },
    'POST /status': async (request: Json) =>
      told(await configured().trust.credential(textAt(request, 'credentialUrl'))),
  }
})

/** As it goes over the wire. */
function told(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}
