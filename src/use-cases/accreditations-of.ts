import { readCredentialClaims } from '../domain/credential/credential-claims.ts'
import { compactToken } from '../domain/credential/enveloped.ts'
import type { Did } from '../domain/did/did.ts'
import { hostedInstance } from '../domain/instance/instance.ts'
import type { Json } from '../domain/json/strict-json.ts'
import { readCredentialJws } from '../domain/jws.ts'
import { readAccreditation, type Accreditation } from '../domain/trust/accreditation.ts'
import { failed, unanswered, type Check } from '../domain/verification/check.ts'
import type { VerificationPorts } from '../ports/verification-ports.ts'
import type { ExaminedCredential, Examine } from './examined-credential.ts'
import { fetchLinkedPresentations, type LinkedPresentation } from './fetch-linked-presentations.ts'
import { readLinkedPresentation } from './read-linked-presentation.ts'
import type { SignatureQuestion } from './verify-signature.ts'

export type AccreditationNeeds = Pick<
  VerificationPorts,
  'didResolver' | 'guardedFetch' | 'issuers' | 'publicUrl' | 'signatureVerifier'
>

/** An accreditation that somebody showed; it is verified when it is asked for, and once. */
export interface ShownAccreditation {
  readonly accreditation: Accreditation
  readonly examined: () => Promise<ExaminedCredential>
}

/** What was found about one DID, and what stood in the way of finding more. */
export interface Shown {
  readonly accreditations: readonly ShownAccreditation[]
  readonly findings: readonly Check[]
}

/** Sorts out the accreditations of `did`; a credential about it of another kind vouches for nobody. */
export function shownAbout(did: Did, credentials: readonly Json[], examine: Examine): Shown {
  const accreditations: ShownAccreditation[] = []
  const findings: Check[] = []
  for (const secured of credentials) {
    const token = compactToken(secured, 'EnvelopedVerifiableCredential')
    const jws = token === undefined ? undefined : readCredentialJws(token)
    if (jws?.ok !== true) continue
    const claims = readCredentialClaims(jws.value)
    if (claims.subject !== did) continue
    const accreditation = readAccreditation(claims)
    if (accreditation === undefined) {
      if (claims.issuer !== did)
        findings.push(finding('chain_link_type', { subject: did, credential: claims.id ?? null }))
      continue
    }
    let examined: Promise<ExaminedCredential> | undefined
    accreditations.push({ accreditation, examined: () => (examined ??= examine(secured)) })
  }
  return { accreditations, findings }
}

/**
 * The accreditations that `did` publishes: what a hosted issuer has stored, or what its document's
 * `LinkedVerifiablePresentation` services lead to (W128 D3), fetched within the budget. A place that is
 * away is indeterminate; a place where there is nothing is no finding.
 */
export async function publishedBy(
  needs: AccreditationNeeds,
  did: Did,
  examine: Examine,
  moment: Pick<SignatureQuestion, 'now' | 'budget'>,
): Promise<Shown> {
  const hosted = hostedInstance(needs.publicUrl, did)
  if (hosted?.kind === 'issuer') {
    // Its own name first: a made-up one opens no store.
    const stored = await needs.issuers.find(hosted.id)
    if (stored?.instance.did !== did) return nothing()
    return shownAbout(did, await needs.issuers.accreditations(hosted.id), examine)
  }
  const resolved = await needs.didResolver.resolve(did, { budget: moment.budget })
  if (!resolved.ok) return nothing(unavailable({ did, reason: resolved.refusal.reason }))
  const found = await fetchLinkedPresentations(needs, resolved.value.document, moment.budget)
  const all: Shown[] = []
  for (const presentation of found)
    all.push(await shownIn(needs, presentation, did, examine, moment))
  return {
    accreditations: all.flatMap(({ accreditations }) => accreditations),
    findings: all.flatMap(({ findings }) => findings),
  }
}

async function shownIn(
  needs: AccreditationNeeds,
  presentation: LinkedPresentation,
  did: Did,
  examine: Examine,
  moment: Pick<SignatureQuestion, 'now' | 'budget'>,
): Promise<Shown> {
  const { url } = presentation
  if (!presentation.found) return notFound(presentation.reason, { subject: did, url })
  const read = await readLinkedPresentation(needs, presentation, did, moment)
  if (read.ok) return shownAbout(did, read.value, examine)
  const { reason, codes } = read.refusal
  const evidence = { subject: did, url, codes }
  return nothing(
    reason === 'unavailable'
      ? unavailable(evidence)
      : finding('chain_presentation_invalid', evidence),
  )
}

function notFound(
  reason: Extract<LinkedPresentation, { found: false }>['reason'],
  evidence: Readonly<Record<string, Json>>,
): Shown {
  switch (reason) {
    case 'not_found':
      return nothing()
    case 'host_failed':
    case 'host_timeout':
    case 'fetch_budget_spent':
      return nothing(unavailable({ ...evidence, reason }))
    default:
      return nothing(finding('chain_presentation_invalid', { ...evidence, codes: [reason] }))
  }
}

const nothing = (...findings: readonly Check[]): Shown => ({ accreditations: [], findings })

const finding = (code: 'chain_link_type' | 'chain_presentation_invalid', evidence: Json): Check =>
  failed('trust', code, { rule: 'R6', evidence })

const unavailable = (evidence: Json): Check =>
  unanswered('trust', 'chain_unavailable', { rule: 'R6', evidence })
