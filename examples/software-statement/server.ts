import { createServer } from 'node:http'
import { createProvider } from './provider.ts'
import { statementVerifier } from './statement.ts'

/*
 * A second authorization server: oidc-provider, unmodified, that registers clients by software statement.
 * README.md says how to run it.
 */
const { ISSUER, STATEMENT_ISSUER, STATEMENT_JWKS_URI } = process.env
if (!ISSUER || !STATEMENT_ISSUER || !STATEMENT_JWKS_URI)
  throw new Error('ISSUER, STATEMENT_ISSUER and STATEMENT_JWKS_URI are required')

const approved = { did: STATEMENT_ISSUER, jwksUri: STATEMENT_JWKS_URI }
const provider = await createProvider(ISSUER, statementVerifier(approved, ISSUER))
const { port, hostname } = new URL(ISSUER)
createServer(provider.callback()).listen(Number(port), hostname, () => {
  console.log(`listening on ${ISSUER}`)
})
