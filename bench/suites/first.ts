import { openClientHost } from '../client-host.ts'
import { legalEntity, newInstance, post } from '../instances.ts'
import type { Call, Scenario, Stage, Suite } from '../scenario.ts'

/** How many different credentials are verified in turn, so that no answer comes from the last one. */
const CREDENTIALS = 200

/** The main job, side by side: verify, resolve, read a client, issue. */
export default async function first(): Promise<Suite> {
  const client = await openClientHost()
  const scenarios: readonly Scenario[] = [
    {
      name: `POST credentials/verify (vc+jwt, Ed25519, ${CREDENTIALS} in turn)`,
      status: 200,
      prepare: verifyCredentials,
    },
    {
      name: 'GET identifiers/{did} (did:key)',
      status: 200,
      prepare: async () => () => resolution(A_DID_KEY),
    },
    {
      name: 'GET identifiers/{did} (did:web, in the cache)',
      status: 200,
      prepare: async () => () => resolution(client.did),
    },
    {
      name: 'GET clients/{did} (did:web, in the cache)',
      status: 200,
      prepare: async () => () => get(`/clients/${encodeURIComponent(client.did)}`),
    },
    {
      name: 'POST credentials/issue (vc+jwt, Ed25519)',
      status: 201,
      prepare: issueCredentials,
    },
  ]
  return {
    scenarios,
    variables: { DID_WEB_LOCAL_HOSTS: client.host },
    close: () => client.close(),
  }
}

/** The Ed25519 example of the did:key specification. */
const A_DID_KEY = 'did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK'

const get = (path: string): Call => ({ method: 'GET', path, headers: {} })

const resolution = (did: string): Call => ({
  method: 'GET',
  path: `/1.0/identifiers/${encodeURIComponent(did)}`,
  headers: { Accept: 'application/did-resolution' },
})

async function issueCredentials(stage: Stage): Promise<() => Call> {
  const { token } = await newInstance(stage, 'issuers', { id: 'issuing' })
  let subjects = 0
  return () => post('/issuers/issuing/credentials/issue', token, legalEntity(++subjects))
}

async function verifyCredentials(stage: Stage): Promise<() => Call> {
  const issuer = await newInstance(stage, 'issuers', { id: 'registrar' })
  const anchors = [{ did: issuer.did, types: ['LsoLegalEntityCredential'] }]
  const audience = 'https://as.example'
  const verifier = await newInstance(stage, 'verifiers', {
    ...{ id: 'seller', audience, policy: { anchors } },
  })
  const calls: Call[] = []
  for (let n = 0; n < CREDENTIALS; n++) {
    const path = '/issuers/registrar/credentials/issue'
    const issued = await stage.ask(post(path, issuer.token, legalEntity(n)), 201)
    calls.push(post('/verifiers/seller/credentials/verify', verifier.token, issued))
  }
  let turn = 0
  return () => calls[turn++ % calls.length] ?? get('/')
}
