import { createServer } from 'node:http'
import { createTrustClient } from 'lso-trust/client'
import { createProvider } from './provider.ts'

/*
 * An authorization server of its own: oidc-provider, unmodified, with DIDs as client_ids. README.md says
 * how to run it.
 */
const { ISSUER, TRUST_URL, VERIFIER, VERIFIER_TOKEN, STATUS_SECONDS = '5' } = process.env
if (!ISSUER || !TRUST_URL || !VERIFIER || !VERIFIER_TOKEN)
  throw new Error('ISSUER, TRUST_URL, VERIFIER and VERIFIER_TOKEN are required')

const trust = createTrustClient({ url: TRUST_URL, token: VERIFIER_TOKEN })
const provider = await createProvider(ISSUER, trust.verifier(VERIFIER), Number(STATUS_SECONDS))
const { port, hostname } = new URL(ISSUER)
createServer(provider.callback()).listen(Number(port), hostname, () => {
  console.log(`listening on ${ISSUER}`)
})
