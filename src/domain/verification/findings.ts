/**
 * Every code that a check can carry, with the one sentence that says how to mend it. A code never
 * changes its meaning once released; the API, the client and the command line show the same text.
 */
export const FINDINGS = {
  // the token as text
  token_malformed: 'Send a compact JWS: three base64url parts joined by dots.',
  token_too_large: 'Send a token of at most 64 KiB.',
  utf8_invalid: 'Encode header and payload as UTF-8 without byte order mark.',
  json_invalid: 'Make header and payload JSON objects.',
  json_too_deep: 'Nest header and payload less deeply.',
  json_duplicate_key: 'Name each member once.',
  json_forbidden_key: 'Rename the member; this name is not allowed.',
  json_number_unsafe: 'Write numbers below 2^53, or as text.',
  alg_not_allowed: 'Sign with EdDSA, ES256 or PS256.',
  header_not_allowed: 'Leave this header parameter out.',
  typ_mismatch: 'Set the header parameter typ to the media type of this kind of token.',
  kid_missing: 'Set the header parameter kid to the DID URL of the signing key.',
  securing_not_supported: 'Secure it as a JWT: vc+jwt, or VCDM 1.1 JWT.',
  // who signed, with which key
  issuer_missing: 'Name the issuer by its DID.',
  issuer_mismatch: 'Make iss and issuer name the same DID.',
  kid_mismatch: 'Sign with a key of the signer itself: kid must begin with its DID.',
  kid_not_found: 'Publish the signing key in the DID document before using it.',
  kid_ambiguous: 'Give each verification method of the DID document an id of its own.',
  kid_not_authorized:
    'List the key under assertionMethod for credentials, under authentication for presentations.',
  controller_mismatch: 'Sign with a key that the DID itself controls.',
  key_unusable:
    'Publish a sound Ed25519, P-256, P-384 or RSA (2048 bits and more) key for signing.',
  key_small_order: 'Replace the key: it is of small or mixed order and proves nothing.',
  key_alg_mismatch: 'Sign with the algorithm that belongs to the key.',
  signature_invalid: 'The content is not what was signed. Fetch the token again from its issuer.',
  did_invalid: 'Write the DID as DID Core says.',
  did_method_not_supported: 'Use did:web, did:key or did:jwk.',
  key_type_not_supported: 'Use a key type that this service can verify with.',
  did_not_found: 'Publish the DID document at the address that the DID names.',
  did_deactivated: 'The DID was deactivated. Use its successor.',
  did_document_invalid: 'Mend the DID document; GET /1.0/identifiers/{did} says what is wrong.',
  destination_not_allowed: 'Host the DID on a public https origin.',
  redirect_not_followed: 'Serve the document at its own address, without a redirect.',
  did_host_failed: 'The host of the DID document failed. Try again later.',
  did_host_timeout: 'The host of the DID document was too slow. Try again later.',
  fetch_budget_spent: 'Send fewer credentials at once: they need too many documents.',
  // what it says
  data_model_invalid: 'Mend the members that evidence points at.',
  schema_invalid: 'Mend the members that evidence points at; the schema is at /schemas.',
  id_missing: 'Give the credential an id that resolves (R7).',
  id_mismatch: 'Make jti and id the same.',
  subject_missing: 'Name the subject by its DID (R5).',
  subject_mismatch: 'Make sub and credentialSubject.id the same single DID.',
  time_invalid: 'Write dates as whole seconds (NumericDate) or as date and time with a zone.',
  validity_conflict: 'Make the dates in the claims and in the credential agree.',
  not_yet_valid: 'Wait until it is valid, or check the clock of the signer.',
  expired: 'Ask the issuer for a new one.',
  lifetime_too_long: 'Sign a fresh one that expires within five minutes.',
  // status
  status_required: 'Issue it with a credentialStatus, so that it can be revoked (R4).',
  status_invalid: 'Write credentialStatus as Bitstring Status List 1.0 says.',
  status_index_invalid: 'The status entry points outside its list, or at no entry of it.',
  status_issuer_mismatch: 'Point credentialStatus at a list of the issuer itself.',
  status_type_not_supported: 'Use a BitstringStatusListEntry.',
  status_source_not_supported:
    'Status lists outside this deployment are not read: the status stays unknown.',
  revoked: 'The issuer revoked it. Ask the issuer for a new one.',
  suspended: 'The issuer suspended it. Ask the issuer when it will be lifted.',
  // presentation
  holder_missing: 'Name the holder by its DID (R10).',
  holder_mismatch: 'Make iss and holder name the same DID.',
  holder_binding_failed: 'Present only credentials whose subject is the holder.',
  nonce_invalid: 'Ask for a fresh challenge and sign it as nonce; each counts once.',
  aud_mismatch: 'Sign aud as exactly the domain that the verifier asks for.',
  credentials_missing: 'Put at least one credential into the presentation.',
  too_many_credentials: 'Present at most eight credentials at once.',
  credential_invalid: 'Mend or replace the embedded credential; its own checks say why.',
  credential_indeterminate: 'Try again later; the checks of the embedded credential say why.',
  // trust
  issuer_untrusted:
    'Have the issuer accredited by an anchor of this verifier, or add it as an anchor.',
} as const satisfies Readonly<Record<string, string>>

export type FindingCode = keyof typeof FINDINGS
