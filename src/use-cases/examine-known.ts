import { readCredentialClaims } from '../domain/credential/credential-claims.ts'
import { compactToken } from '../domain/credential/enveloped.ts'
import { isDid, methodOf, type Did } from '../domain/did/did.ts'
import { hostedInstance } from '../domain/instance/instance.ts'
import type { Json } from '../domain/json/strict-json.ts'
import { readCredentialJws } from '../domain/jws.ts'
import { ACCREDITATION } from '../domain/trust/accreditation.ts'
import { LEGAL_ENTITY } from '../domain/trust/delegation.ts'
import { activeAnchors } from '../domain/trust/policy.ts'
import { failed, notApplicable, passed, verdictOf } from '../domain/verification/check.ts'
import type { ExaminedCredential } from './examined-credential.ts'
import { judgeTrust } from './judge-trust.ts'
import {
  chainFinderFor,
  examineCredential,
  type VerificationContext,
  type VerifyNeeds,
} from './verify-credential.ts'

/** A credential that was examined; or was not, because it takes asking somebody whom nothing vouches for. */
export interface KnownFirst {
  readonly examined: ExaminedCredential
  readonly asked: boolean
}

/**
 * Examines what a stranger presents without asking strangers (rows V14, D23): the documents of the
 * holder, of the policy's anchors, and of whom a credential that the policy trusts is about, when that is
 * presented too: an accredited issuer, a legal entity that delegates. What takes no fetch, a document of
 * this deployment or a key that is its own DID, is always asked. Signatures are never relaxed here:
 * `kid` may not choose whom we ask.
 */
export async function examineKnown(
  needs: VerifyNeeds,
  credentials: readonly Json[],
  holder: string | undefined,
  context: VerificationContext,
): Promise<readonly KnownFirst[]> {
  const { now } = context
  const { policy } = context.policy
  const known = new Set<string>(activeAnchors(policy, now).map(({ did }) => did))
  const issuers = credentials.map(claimedIssuer)
  const examined = new Map<number, ExaminedCredential>()
  // Each round may make further issuers known.
  for (let before = -1; before < examined.size;) {
    before = examined.size
    for (const [at, secured] of credentials.entries()) {
      const issuer = issuers[at]
      const mayAsk =
        issuer === undefined ||
        issuer === holder ||
        known.has(issuer) ||
        takesNoFetch(needs.publicUrl, issuer)
      if (examined.has(at) || !mayAsk) continue
      const one = await examineCredential(needs, secured, context, 'strict')
      examined.set(at, one)
      const subject = introduces(one)
      if (subject === undefined || known.has(subject)) continue
      const findChain = chainFinderFor(
        needs,
        context,
        credentials.filter((__, other) => examined.has(other)),
      )
      const judged = await judgeTrust(needs, one, { policy, now, findChain })
      if (judged?.trusted === true) known.add(subject)
    }
  }
  return credentials.map((secured, at) => {
    const one = examined.get(at)
    return one === undefined
      ? { examined: unasked(secured), asked: false }
      : { examined: one, asked: true }
  })
}

/** `undefined` for what cannot be read, or names no DID: nobody is asked about that anyhow. */
function claimedIssuer(secured: Json): Did | undefined {
  const token = compactToken(secured, 'EnvelopedVerifiableCredential')
  const jws = token === undefined ? undefined : readCredentialJws(token)
  const issuer = jws?.ok === true ? readCredentialClaims(jws.value).issuer : undefined
  return isDid(issuer) ? issuer : undefined
}

const takesNoFetch = (publicUrl: string, did: Did): boolean =>
  methodOf(did) !== 'web' || hostedInstance(publicUrl, did) !== undefined

/** Whom a good credential makes known, if its issuer is trusted. */
const introduces = ({ claims, signed, bound, checks }: ExaminedCredential): string | undefined =>
  signed &&
  bound &&
  verdictOf(checks) === 'valid' &&
  [ACCREDITATION, LEGAL_ENTITY].some((type) => claims?.types.includes(type))
    ? claims?.subject
    : undefined

/** Nothing of it counts. */
function unasked(secured: Json): ExaminedCredential {
  const token = compactToken(secured, 'EnvelopedVerifiableCredential')
  const jws = token === undefined ? undefined : readCredentialJws(token)
  const claims = jws?.ok === true ? readCredentialClaims(jws.value) : undefined
  const evidence = { issuer: claims?.issuer ?? null }
  return {
    claims,
    signed: false,
    bound: false,
    availability: 'fresh',
    checks: [
      passed('token'),
      failed('key', 'issuer_untrusted', { rule: 'R6', evidence }),
      notApplicable('signature'),
    ],
    status: async () => ({ checks: [], availability: 'fresh' }),
  }
}
