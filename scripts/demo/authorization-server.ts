import { at, call, textAt, type Json } from './http.ts'
import { serveHandlers } from './process.ts'

/**
 * The seller's authorization server, as far as it concerns this service: it resolves clients, has
 * presentations verified and asks for status. It knows its verifier's URL and token, and no key.
 */
await serveHandlers(async () => {
  let verifier:
    { readonly service: string; readonly id: string; readonly token: string } | undefined
  const configured = () => {
    if (verifier === undefined) throw new Error('the authorization server is not configured')
    return verifier
  }
  return {
    'POST /configure': (settings: Json) => {
      verifier = {
        service: textAt(settings, 'service'),
        id: textAt(settings, 'id'),
        token: textAt(settings, 'token'),
      }
      return null
    },
    /** What it learns of a client_id before it talks to the client. */
    'POST /client': async (request: Json) => {
      const { service } = configured()
      const clientId = encodeURIComponent(textAt(request, 'clientId'))
      const resolution = await call('GET', `${service}/1.0/identifiers/${clientId}`)
      const client = await call('GET', `${service}/clients/${clientId}`)
      const jwks = await call('GET', `${service}/clients/${clientId}/jwks`)
      return { resolution: resolution.body, client: client.body, jwks: jwks.body }
    },
    'POST /verify-presentation': async (request: Json) => {
      const { service, id, token } = configured()
      const { status, body } = await call(
        'POST',
        `${service}/verifiers/${id}/presentations/verify`,
        {
          token,
          body: {
            verifiablePresentation: at(request, 'presentation'),
            options: { challenge: at(request, 'challenge'), domain: at(request, 'domain') },
          },
        },
      )
      return { status, body }
    },
    'POST /verify-credential': async (request: Json) => {
      const { service, id, token } = configured()
      const { status, body } = await call('POST', `${service}/verifiers/${id}/credentials/verify`, {
        token,
        body: { verifiableCredential: at(request, 'credential') },
      })
      return { status, body }
    },
    'POST /status': async (request: Json) => {
      const { status, body } = await call('GET', textAt(request, 'credentialId'))
      return { status, body }
    },
  }
})
