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
  signature_invalid:
    'It was changed after it was signed, or signed with another key than the DID document has under this kid. Sign it with that key, or fetch it again from its issuer.',
  did_invalid: 'Write the DID as DID Core says.',
  did_method_not_supported: 'Use did:web, did:key or did:jwk.',
  key_type_not_supported: 'Use a key type that this service can verify with.',
  did_not_found: 'Publish the DID document at the address that the DID names.',
  did_deactivated: 'The DID was deactivated. Use its successor.',
  did_document_invalid:
    'Mend the DID document, and serve it as application/did+json; GET /1.0/identifiers/{did} says what is wrong.',
  destination_not_allowed:
    'Host the DID, or the status list, on a public https origin. For trying out, the operator names a local host in DID_WEB_LOCAL_HOSTS.',
  redirect_not_followed: 'Serve the document at its own address, without a redirect.',
  did_host_failed: 'The host of the DID document failed. Try again later.',
  did_host_timeout: 'The host of the DID document was too slow. Try again later.',
  fetch_budget_spent:
    'Send fewer credentials at once, or try again: they need too many documents, or too slow ones.',
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
  expired: 'It has ended: get or sign a new one. If it is new, set the clock of its signer.',
  lifetime_too_long: 'Sign a fresh one that expires within five minutes.',
  // status
  status_required: 'Issue it with a credentialStatus, so that it can be revoked (R4).',
  status_invalid: 'Write credentialStatus as Bitstring Status List 1.0 says.',
  status_index_invalid: 'The status entry points outside its list, or at no entry of it.',
  status_issuer_mismatch: 'Point credentialStatus at a list of the issuer itself.',
  status_type_not_supported:
    'Use a BitstringStatusListEntry, a StatusList2021Entry or status.status_list, of one bit where the size is open.',
  status_list_not_fetched:
    'Host the list where the DID document of its issuer is, or add the issuer as an anchor: lists elsewhere are fetched for trusted issuers alone.',
  status_list_unavailable: 'The status list cannot be had. Try again later.',
  status_list_too_large: 'Keep a status list to 2^20 entries and its token to 256 KiB.',
  status_list_too_short: 'Give the status list at least 131,072 entries.',
  status_list_invalid: 'Mend the status list; evidence says what is wrong with it.',
  status_list_not_authentic:
    'Serve the status list as a JWT with its own media type and typ, signed by its issuer with a key under assertionMethod.',
  status_list_mismatch: 'Serve each status list at the URL that it names as id or sub.',
  status_list_expired: 'Sign the status list anew before it expires.',
  status_list_rolled_back: 'Serve the newest status list: a newer one was seen before.',
  status_purpose_mismatch: 'Point the status entry at a list of its own purpose.',
  status_value_unknown: 'Use the values 0 (valid), 1 (invalid) and 2 (suspended).',
  revoked: 'The issuer revoked it. Ask the issuer for a new one.',
  suspended: 'The issuer suspended it. Ask the issuer when it will be lifted.',
  // presentation
  holder_missing: 'Name the holder by its DID (R10).',
  holder_mismatch: 'Make iss, sub and holder name the same DID.',
  holder_binding_failed: 'Present only credentials whose subject is the holder.',
  nonce_invalid: 'Ask for a fresh challenge and sign it as nonce; each counts once.',
  aud_mismatch:
    'Sign aud as exactly the audience of the verifier, or the domain that it was asked with: every character counts.',
  credentials_missing: 'Put at least one credential into the presentation.',
  too_many_credentials: 'Present at most eight credentials at once.',
  credential_invalid: 'Mend or replace the embedded credential; its own checks say why.',
  credential_indeterminate: 'Try again later; the checks of the embedded credential say why.',
  // trust
  issuer_untrusted:
    'Have the issuer accredited by an anchor of this verifier, or add it as an anchor.',
  issuer_binding_relaxed:
    'Another DID than the issuer signed it: a relaxed issuerBinding let it pass, and it is trusted by nobody.',
  trust_domain_mismatch: 'Present a legal-entity credential of the trust domain of this verifier.',
  delegation_denied:
    'Evidence names the conditions that fail; the policy must allow delegation, which it does not by itself (R58).',
  chain_incomplete:
    'Have this issuer accredited up to an anchor, and bring its accreditation along or publish it.',
  chain_too_long: 'Shorten the chain, or raise maxChainDepth of the policy.',
  chain_cycle: 'Have an accreditor accredited by somebody whom it does not vouch for itself.',
  chain_self_issued:
    'Have the accreditation issued by somebody else: only an anchor may name itself.',
  chain_link_type: 'Accredit an issuer with a LsoIssuerAccreditationCredential.',
  chain_type_not_accredited: 'Have the issuer accredited for this credential type (accreditedFor).',
  chain_may_not_accredit: 'Set mayAccredit in the accreditation of whoever accredits others.',
  chain_depth_exceeded: 'Raise maxDepth in this accreditation, or shorten the chain below it.',
  chain_jurisdiction:
    'Have the issuer accredited for the country in which the legal entity is registered.',
  chain_validity: 'Keep the validity period inside that of the accreditation above.',
  chain_anchor_type:
    'Name LsoIssuerAccreditationCredential among the types of the anchor, if it may accredit others.',
  chain_anchor_time:
    'The anchor does not count at this time; the policy says from when until when.',
  chain_issuer_retired: 'The accredited issuer is retired. Have the credential issued by another.',
  chain_link_revoked: 'The accreditation was revoked. Have the issuer accredited anew.',
  chain_link_suspended: 'The accreditation is suspended. Ask its issuer when it will be lifted.',
  chain_link_expired: 'The accreditation has expired. Have the issuer accredited anew.',
  chain_link_not_yet_valid: 'Wait until the accreditation is valid.',
  chain_link_invalid: 'Mend or replace the accreditation; evidence names what is wrong with it.',
  chain_presentation_invalid:
    'Publish the accreditation in a presentation that the issuer signed with a key under authentication.',
  chain_unavailable: 'A part of the chain could not be had. Try again later.',
  chain_search_ended: 'Publish fewer accreditations: there are too many ways up to an anchor.',
  // registration
  legal_entity_missing:
    'Present a valid LsoLegalEntityCredential about the registering DID, from an issuer that this verifier trusts (R4, R16).',
  nonce_missing:
    'Ask for a challenge and sign it as nonce: a dry run does without one, a registration does not.',
  client_metadata_invalid:
    'Mend the members that evidence points at; keys come from the DID document, and no URL is fetched.',
  client_metadata_too_large:
    'Ask for fewer redirect_uris, or list fewer keys under authentication.',
  redirect_uri_not_in_document:
    'Ask for https service endpoints of the DID document only, character by character (R19).',
  redirect_host_held:
    'A new redirect host of a registered client counts once the operator of this verifier approves its hold; until then ask for hosts that were accepted.',
  redirect_uri_impossible:
    'Redirect URIs are https service endpoints of the DID document (R19), and this one has none: register a did:web whose document lists them, or ask for client_credentials alone.',
  scope_not_granted:
    'Ask only for scopes that the roles and LSO interfaces of the legal-entity credential allow.',
  statement_issuer_not_approved:
    'Have the software statement signed by an anchor of this verifier, or by the client itself.',
  statement_client_mismatch:
    'Make sub or client_id of the software statement, and each of them that is there, the registering DID.',
  statement_software_mismatch: 'Name the software_id of the software statement beside it, or none.',
  // clients of an authorization server
  client_unknown: 'Register the client with this verifier first.',
  client_not_active: 'The registration does not count now; its status and reason say why.',
  client_status_unknown:
    'What the registration rests on could not be asked. Try again later; its status says what.',
  registration_expired: 'Register the client again: the decision has ended.',
  registration_evidence_missing:
    'The evidence of the registration is gone. Register the client again.',
  client_keys_missing: 'List a sound key under authentication in the DID document.',
  key_not_registered: 'Sign with a registered key, or register again after a change of keys.',
  key_replaced: 'The DID document has another key under this kid: register again.',
  client_mismatch: 'Make client_id, iss and, in an assertion, sub the DID of the client.',
  assertion_type_not_supported:
    'Set client_assertion_type to urn:ietf:params:oauth:client-assertion-type:jwt-bearer.',
  jti_invalid: 'Give each token a jti of its own, of 1 to 512 characters.',
  token_replayed: 'Sign a fresh token: this jti was used before.',
  claim_not_allowed:
    'Leave request, request_uri, and a sub that is the client, out of a request object.',
  redirect_uri_missing: 'Name the redirect_uri inside the request object.',
  redirect_uri_not_registered:
    'Use a registered redirect_uri, character by character; it is a service endpoint of the DID document (R19).',
  response_type_not_allowed: 'Ask for code; in the meflso profile for code id_token, or for code.',
  code_challenge_invalid: 'Use PKCE with code_challenge_method S256.',
  scope_invalid: 'Name scopes apart by single spaces; in the meflso profile with openid.',
  scope_not_registered: 'Ask for registered scopes only.',
  state_invalid: 'Make state a text of 1 to 2,048 characters, or leave it out.',
  request_nonce_invalid:
    'Make nonce a text of 1 to 512 characters; with code id_token it is required.',
  intent_missing: 'Name the intent in claims.id_token.meflso_intent_id.value (R26).',
  acr_not_allowed: 'Ask for urn:meflso:sca or urn:meflso:ca only (R28).',
  parameter_not_allowed:
    'Put every parameter into the request object, and repeat none outside with another value.',
  pushed_request_required: 'Push the request to the PAR endpoint: FAPI 2.0 takes no other way.',
  htm_mismatch: 'Sign htm as the method of the request, in its own letters.',
  htu_mismatch: 'Sign htu as the URI of the request, without query and fragment.',
  ath_mismatch: 'Sign ath as the base64url SHA-256 of the access token.',
  jkt_mismatch: 'Sign the proof with the key that the token or the code is bound to.',
  dpop_nonce_mismatch: 'Sign the nonce that the server sends in DPoP-Nonce.',
} as const satisfies Readonly<Record<string, string>>

export type FindingCode = keyof typeof FINDINGS
