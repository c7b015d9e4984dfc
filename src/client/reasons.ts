import { FINDINGS, PROBLEMS, RESOLUTION_ERRORS } from './service-reasons.ts'

/** What a reason is called, and what to do about it. */
interface ReasonText {
  readonly title: string
  readonly hint: string
}

/** What can go wrong before the service has answered, or around its answer. */
export const CLIENT_REASONS = {
  url_invalid: {
    title: 'The URL of the service is not an origin',
    hint: 'Give scheme, host and port alone, such as https://trust.example.',
  },
  url_not_secure: {
    title: 'The token would travel in the clear',
    hint: 'Use https; plain http is for localhost alone.',
  },
  service_unreachable: {
    title: 'The service cannot be reached',
    hint: 'Check the URL and the network, and that the service runs: GET /health answers 200.',
  },
  service_timeout: {
    title: 'The service did not answer in time',
    hint: 'Try again later, or give it more time (timeoutMilliseconds).',
  },
  answer_redirected: {
    title: 'The service sends you elsewhere',
    hint: 'Use the URL that it leads to: a token is not carried along.',
  },
  answer_not_json: {
    title: 'The answer is not JSON',
    hint: 'Something else answers at this URL, such as a proxy or a login page. Check the URL.',
  },
  answer_unexpected: {
    title: 'The answer is not one of this call',
    hint: 'Check that the URL is that of the service, and that it is of the version of this client.',
  },
  problem_not_known: {
    title: 'The service refuses for a reason that this client does not know',
    hint: 'Its own words are in detail; bring this client up to the version of the service.',
  },
  clock_differs: {
    title: 'Your clock and that of the service differ by more than a minute',
    hint: 'Set your clock (NTP): what is signed by a wrong clock is refused as expired or not yet valid.',
  },
  key_not_supported: {
    title: 'This key cannot sign for a participant',
    hint: 'Use a private Ed25519 key, a P-256 key, or an RSA key of 2048 bits or more made for RSA-PSS with SHA-256.',
  },
  signature_form_wrong: {
    title: 'The signer did not answer with a signature of its algorithm',
    hint: 'Ed25519 and ES256 take 64 bytes; an HSM that answers in ASN.1 DER needs signatureFromDer.',
  },
  kid_not_did_url: {
    title: 'The kid of the signer is not a DID URL',
    hint: 'Write it as the DID document does: the DID, "#", and the name of the key.',
  },
  holder_key_not_listed: {
    title: 'The DID document does not list the key of the signer',
    hint: 'Publish the public key under authentication, with this kid, before you sign with it.',
  },
} as const satisfies Readonly<Record<string, ReasonText>>

/** Code of a check that did not pass. */
export type FindingCode = keyof typeof FINDINGS
/** Code of a refusal of the service. */
export type ProblemCode = keyof typeof PROBLEMS
/** Code of a DID, or DID URL, without an answer. */
export type ResolutionErrorCode = (typeof RESOLUTION_ERRORS)[number]
/** Code of what this client found itself. */
export type ClientReason = keyof typeof CLIENT_REASONS

/** Every reason that a call can fail for. */
export type Reason = FindingCode | ProblemCode | ResolutionErrorCode | ClientReason

const isKeyOf = <Table extends object>(table: Table, code: string): code is keyof Table & string =>
  Object.hasOwn(table, code)

/** True for a code of a refusal that this version knows. */
export const isServiceReason = (code: string): code is ProblemCode | ResolutionErrorCode =>
  isKeyOf(PROBLEMS, code) || RESOLUTION_ERRORS.some((known) => known === code)

/** The one text of a reason: what it is called, where it has a name, and how to mend it. */
export function textOf(reason: Reason): Partial<ReasonText> {
  if (isKeyOf(CLIENT_REASONS, reason)) return CLIENT_REASONS[reason]
  if (isKeyOf(PROBLEMS, reason)) return PROBLEMS[reason]
  return isKeyOf(FINDINGS, reason) ? { hint: FINDINGS[reason] } : {}
}

/** How to mend what a check found. */
export const hintOf = (code: FindingCode): string => FINDINGS[code]
