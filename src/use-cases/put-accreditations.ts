import { readCredentialClaims } from '../domain/credential/credential-claims.ts'
import { compactToken } from '../domain/credential/enveloped.ts'
import type { Fault } from '../domain/fault.ts'
import type { Issuer } from '../domain/instance/instance.ts'
import type { Json } from '../domain/json/strict-json.ts'
import { readCredentialJws } from '../domain/jws.ts'
import { MAX_TOKEN_CHARACTERS } from '../domain/limits.ts'
import { ok, refuse, type Result } from '../domain/result.ts'
import { readAccreditation, type Accreditation } from '../domain/trust/accreditation.ts'
import type { Change } from '../ports/change.ts'
import type { Ports } from '../ports/index.ts'

export type PutAccreditationsRefusal =
  | { readonly reason: 'credential_invalid'; readonly errors: readonly Fault[] }
  | { readonly reason: 'idempotency_key_reused' | 'instance_retired' }

/** An accreditation as it is stored. */
export interface StoredAccreditation {
  readonly token: string
  readonly accreditation: Accreditation
}

/**
 * Publishes the accreditations that others gave to this issuer, in place of those before. Each is a
 * readable accreditation of this issuer by somebody else; whether it is good is for whoever follows it
 * to find out, and changes with time.
 */
export async function putAccreditations(
  { issuers }: Pick<Ports, 'issuers'>,
  issuer: Issuer,
  credentials: readonly Json[],
  change: Change,
): Promise<Result<readonly StoredAccreditation[], PutAccreditationsRefusal>> {
  if (issuer.retiredAt !== undefined) return refuse({ reason: 'instance_retired' })
  const read = credentials.map((secured) => readStored(secured, issuer))
  const errors = read.flatMap((one, at) =>
    typeof one === 'string'
      ? [{ pointer: `/verifiableCredential/${String(at)}`, detail: one }]
      : [],
  )
  if (errors.length > 0) return refuse({ reason: 'credential_invalid', errors })
  const stored = read.filter((one) => typeof one !== 'string')
  if (presentationCharacters(stored) > MAX_TOKEN_CHARACTERS)
    return refuse({ reason: 'credential_invalid', errors: [TOO_LARGE] })
  const put = await issuers.putAccreditations(
    issuer.id,
    stored.map(({ token }) => token),
    change,
  )
  return put.ok ? ok(stored) : put
}

const TOO_LARGE = {
  pointer: '/verifiableCredential',
  detail: 'is too large: the presentation of all of them would exceed 64 KiB',
}

/** Room for header, signature and the rest of the presentation, and for the envelope of each, in characters. */
const [OVERHEAD_CHARACTERS, ENVELOPE_CHARACTERS] = [4_096, 256]

/** Of the token that holds them all: base64url of the payload, and what comes with it; never too small. */
const presentationCharacters = (stored: readonly StoredAccreditation[]): number =>
  stored.reduce(
    (sum, { token }) => sum + Math.ceil(((token.length + ENVELOPE_CHARACTERS) * 4) / 3),
    OVERHEAD_CHARACTERS,
  )

/** The accreditation, or what is wrong with it. */
export function readStored(
  secured: Json,
  { did }: Pick<Issuer, 'did'>,
): StoredAccreditation | string {
  const token = compactToken(secured, 'EnvelopedVerifiableCredential')
  const jws = token === undefined ? undefined : readCredentialJws(token)
  if (token === undefined || jws?.ok !== true) return 'must be a credential secured as a JWT'
  const accreditation = readAccreditation(readCredentialClaims(jws.value))
  if (accreditation === undefined)
    return 'must be an LsoIssuerAccreditationCredential with id, issuer and subject'
  if (accreditation.subject !== did) return 'must be about this issuer'
  if (accreditation.issuer === did) return 'must be issued by somebody else'
  return { token, accreditation }
}
