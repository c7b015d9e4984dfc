import { parseArgs } from 'node:util'
import { call, textAt, type Json } from '../demo/http.ts'
import { legalEntity } from '../example-legal-entity.ts'
import { newClient } from './accepted-client.ts'
import { flipped, flipsOf } from './flips.ts'
import { conclude, inParallel, provedService } from './proving.ts'

/**
 * Goal G10: turns over every single bit of a valid credential and of a valid presentation, each by
 * itself, and shows them to the production bundle on plain workerd. None is valid, none is answered
 * 5xx, and the presentation as it was is accepted last, because nothing has spent its challenge. Prints
 * its figures as JSON; exits 1 when one is wrong. The bits of a status list are turned over in `npm test`.
 */
const { values } = parseArgs({
  options: { step: { type: 'string', default: '1' }, parallel: { type: 'string', default: '16' } },
})
const [step, parallel] = [Number(values.step), Number(values.parallel)]

const AUDIENCE = 'https://as.example'
const VCDM1 = 'https://www.w3.org/2018/credentials/v1'

const proved = await provedService({})
const { url, adminToken } = proved
const service = await proved.start()
const common = { name: 'Example', keys: ['dev-ed25519'] }
const issuer = await created('issuers', { ...common, id: 'registrar', securing: 'jwt_vc' })
const anchors = [{ did: textAt(issuer, 'did'), types: ['LsoLegalEntityCredential'] }]
const verifier = await created('verifiers', {
  ...common,
  id: 'seller',
  audience: AUDIENCE,
  policy: { anchors },
})

const holder = newClient()
const credential = textAt(
  (
    await call('POST', `${url}/issuers/registrar/credentials/issue`, {
      token: textAt(issuer, 'token'),
      body: { credential: legalEntity(holder.did, { '@context': [VCDM1] }) },
    })
  ).body,
  'verifiableCredential',
)
const challenge = textAt(
  (await call('POST', `${url}/verifiers/seller/challenges`, { body: {} })).body,
  'challenge',
)
const iat = Math.floor(Date.now() / 1000)
const presentation = holder.sign({
  iss: holder.did,
  aud: AUDIENCE,
  nonce: challenge,
  iat,
  exp: iat + 280,
  vp: {
    '@context': [VCDM1],
    type: ['VerifiablePresentation'],
    verifiableCredential: [credential],
  },
})
const options = { challenge, domain: AUDIENCE }

// The presentation lives five minutes and the challenge too: it comes first.
const ofPresentation = await flips('presentation', presentation, (verifiablePresentation) =>
  shown('presentations', { verifiablePresentation, options }),
)
const ofCredential = await flips('credential', credential, (verifiableCredential) =>
  shown('credentials', { verifiableCredential }),
)
const controls = {
  presentation: await shown('presentations', { verifiablePresentation: presentation, options }),
  credential: await shown('credentials', { verifiableCredential: credential }),
}
await service.kill()
proved.forget()

const refusedControls = Object.values(controls).filter((status) => status !== 200).length
conclude(
  { goal: 'G10', flips: { presentation: ofPresentation.flips, credential: ofCredential.flips } },
  {
    accepted: ofPresentation.accepted + ofCredential.accepted,
    neither: ofPresentation.neither + ofCredential.neither,
    refusedControls,
  },
)

async function created(kind: 'issuers' | 'verifiers', body: object): Promise<Json> {
  const json = JSON.parse(JSON.stringify(body)) as { readonly [member: string]: Json }
  return (await call('POST', `${url}/admin/${kind}`, { token: adminToken, body: json })).body
}

/** The status of the answer, whatever it is. */
async function shown(what: 'credentials' | 'presentations', body: object): Promise<number> {
  const answer = await fetch(`${url}/verifiers/seller/${what}/verify`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${textAt(verifier, 'token')}`,
      'Content-Type': 'application/json',
    },
    body: JSON.stringify(body),
  })
  await answer.arrayBuffer()
  return answer.status
}

async function flips(what: string, token: string, show: (token: string) => Promise<number>) {
  let [accepted, neither] = [0, 0]
  const count = Math.ceil(flipsOf(token) / step)
  await inParallel(what, { count, parallel }, async (number) => {
    const status = await show(flipped(token, number * step))
    if (status === 200) accepted++
    else if (status !== 400) neither++
  })
  return { flips: count, accepted, neither }
}
