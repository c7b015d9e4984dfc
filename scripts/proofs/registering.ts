import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { call, textAt, type Answer } from '../demo/http.ts'
import { legalEntity } from '../example-legal-entity.ts'
import { newClient, type AcceptedClient } from './accepted-client.ts'
import type { ProvedService } from './proving.ts'

export const AUDIENCE = 'https://as.example'
const V1 = 'https://www.w3.org/2018/credentials/v1'

/** Somebody who can register: a key, and a credential of an issuer that the verifier trusts. */
export interface Applicant extends AcceptedClient {
  readonly credential: string
}

/** A registrar and a seller's verifier that trusts it, in a service that runs. */
export async function aSeller({ url, adminToken: token }: ProvedService) {
  const keys = ['dev-ed25519']
  const registrar = await call('POST', `${url}/admin/issuers`, {
    token,
    body: { id: 'registrar', name: 'Example Registrar', keys },
  })
  const did = textAt(registrar.body, 'did')
  const seller = await call('POST', `${url}/admin/verifiers`, {
    token,
    body: {
      id: 'seller',
      name: 'Example Seller',
      audience: AUDIENCE,
      keys,
      policy: { anchors: [{ did, types: ['LsoLegalEntityCredential'] }] },
    },
  })
  const registrarToken = textAt(registrar.body, 'token')
  return {
    token: textAt(seller.body, 'token'),
    applicant: async (): Promise<Applicant> => {
      const client = newClient()
      const issued = await call('POST', `${url}/issuers/registrar/credentials/issue`, {
        token: registrarToken,
        body: { credential: legalEntity(client.did), options: { format: 'jwt_vc' } },
      })
      return { ...client, credential: textAt(issued.body, 'verifiableCredential') }
    },
    challenge: async (): Promise<string> =>
      textAt((await call('POST', `${url}/verifiers/seller/challenges`)).body, 'challenge'),
    register: (body: object, idempotencyKey?: string): Promise<Answer> =>
      call('POST', `${url}/verifiers/seller/registrations`, {
        body,
        ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      }),
  }
}

/** A presentation in a VCDM 1.1 JWT, over `challenge`. */
export function presentation(applicant: Applicant, challenge: string): string {
  const { did, credential } = applicant
  const iat = Math.floor(Date.now() / 1000)
  return applicant.sign({
    iss: did,
    aud: AUDIENCE,
    nonce: challenge,
    iat,
    exp: iat + 290,
    vp: { '@context': [V1], type: ['VerifiablePresentation'], verifiableCredential: [credential] },
  })
}

/** A software statement of the client itself. */
export function statement(applicant: Applicant): string {
  const { did } = applicant
  const iat = Math.floor(Date.now() / 1000)
  const claims = { iss: did, sub: did, aud: AUDIENCE, jti: randomUUID(), iat, exp: iat + 590 }
  return applicant.sign(claims, 'software-statement+jwt')
}

/** What a verifier's store holds of its registrations, read from its file. The service must not run. */
export function storedRegistrations(dataDir: string) {
  const folder = join(dataDir, 'lso-trust-VerifierObject')
  const file = readdirSync(folder).find((name) => /^[0-9a-f]{64}\.sqlite$/.test(name))
  if (file === undefined) throw new Error('there is no verifier')
  const database = new DatabaseSync(join(folder, file))
  const rows = (query: string) => database.prepare(query).all()
  const stored = {
    clients: rows(
      `SELECT client_id AS id, json_extract(record, '$.decisionId') AS decision FROM client`,
    ) as { id: string; decision: string }[],
    decisions: rows(
      `SELECT id, digest, evidence, receipt FROM decision WHERE kind = 'registration'`,
    ) as { id: string; digest: string; evidence: string; receipt: string }[],
    changes: rows('SELECT client_id AS id FROM client_change') as { id: string }[],
    audited: rows(
      `SELECT json_extract(detail, '$.decisionId') AS id FROM audit WHERE action = 'client.put'`,
    ) as { id: string }[],
  }
  database.close()
  return stored
}
