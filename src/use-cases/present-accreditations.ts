import { envelopedCredential } from '../domain/credential/enveloped.ts'
import type { Issuer } from '../domain/instance/instance.ts'
import { signingKey } from '../domain/instance/key-schedule.ts'
import { LINKED_PRESENTATION_LIFETIME_SECONDS } from '../domain/limits.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import { later } from '../domain/time.ts'
import type { Ports } from '../ports/index.ts'
import { readStored } from './put-accreditations.ts'

export interface PresentAccreditationsRefusal {
  readonly reason: 'not_found' | 'signing_key_missing'
}

/**
 * The presentation that a hosted issuer publishes about itself (W128 D3): its accreditations that have
 * not expired, signed now as their holder. It answers no challenge and names no audience. An issuer
 * that has none, or is retired, has no presentation.
 */
export async function presentAccreditations(
  { clock, issuers, signer }: Pick<Ports, 'clock' | 'issuers' | 'signer'>,
  issuer: Issuer,
): Promise<Result<string, PresentAccreditationsRefusal>> {
  const now = clock.now()
  const tokens = issuer.retiredAt === undefined ? await issuers.accreditations(issuer.id) : []
  const current = tokens.filter((token) => {
    const stored = readStored(token, issuer)
    return typeof stored !== 'string' && (stored.accreditation.validUntil ?? Infinity) > now
  })
  if (current.length === 0) return refuse({ reason: 'not_found' })
  const key = signingKey(issuer, signer.keys, now)
  if (key === undefined) return refuse({ reason: 'signing_key_missing' })
  return ok(
    await signer.sign(
      key.kid,
      { typ: 'vp+jwt', cty: 'vp', kid: key.verificationMethod },
      {
        '@context': ['https://www.w3.org/ns/credentials/v2'],
        type: ['VerifiablePresentation'],
        holder: issuer.did,
        verifiableCredential: current.map(envelopedCredential),
        iat: now,
        exp: later(now, LINKED_PRESENTATION_LIFETIME_SECONDS),
      },
    ),
  )
}
