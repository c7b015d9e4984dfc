/**
 * Every limit of the service, each with its unit in the name and its source.
 * "contract" is the table of time and size limits of the HTTP contract; row ids are those of docs/threat-model.md.
 */

// ---- requests -------------------------------------------------------------------------------

/** Largest request body. Contract; row H3. */
export const MAX_BODY_BYTES = 256 * 1024
/** Deepest nesting of a JSON body, header or payload; the outermost value is depth 1. Contract; row J15. */
export const MAX_JSON_DEPTH = 32
/** Longest request target we look at; workerd itself stops at about 64 KiB. Ours; row D17. */
export const MAX_URL_CHARACTERS = 8_192
/** How long an `Idempotency-Key` is remembered. Contract; row H13. */
export const IDEMPOTENCY_SECONDS = 24 * 60 * 60
/** Longest `Idempotency-Key`. Ours; the IETF draft leaves it open. */
export const MAX_IDEMPOTENCY_KEY_CHARACTERS = 255
/** Text in one page of a listing, in characters: a page ends early rather than grow beyond. Ours. */
export const MAX_PAGE_CHARACTERS = 1024 * 1024
/** Rows in one page of a listing, when the caller does not say. Ours. */
export const DEFAULT_PAGE_ROWS = 100
/** Most rows in one page of a listing. Ours. */
export const MAX_PAGE_ROWS = 1_000
/** Most instances in one page: each is a call of its own, and Cloudflare counts those. Ours. */
export const MAX_INSTANCE_PAGE_ROWS = 200

// ---- tokens ---------------------------------------------------------------------------------

/** Longest compact JWS, in characters (all are ASCII, so bytes too). Contract; row J18. */
export const MAX_TOKEN_CHARACTERS = 64 * 1024
/** How far `iat`, `nbf` and `validFrom` may lie ahead of our clock. Contract; row J21. */
export const FUTURE_SKEW_SECONDS = 60
/** How long after `exp` or `validUntil` a token still counts. Contract; row J21. */
export const EXPIRY_SKEW_SECONDS = 10
/** Longest life of a presentation, `exp - iat`. Contract; row J22. */
export const MAX_PRESENTATION_LIFETIME_SECONDS = 300
/** Longest life of a client assertion. Contract; row A7. */
export const MAX_CLIENT_ASSERTION_LIFETIME_SECONDS = 300
/** How old the `nbf` of a request object may be, and how long after it `exp` may lie. Contract; row A1. */
export const MAX_REQUEST_OBJECT_SECONDS = 60 * 60
/** How old a software statement may be, and its `exp - iat`. Contract; row A16. */
export const MAX_SOFTWARE_STATEMENT_SECONDS = 600
/** How old the `iat` of a DPoP proof may be. Contract; row A10. */
export const MAX_DPOP_AGE_SECONDS = 60
/** Longest `jti` that is remembered. Ours; row A7. */
export const MAX_JTI_CHARACTERS = 512
/** Longest `state` of an authorization request: it comes back in a URL. Ours; rule O2. */
export const MAX_STATE_CHARACTERS = 2_048
/** Longest method and URI that a DPoP proof is held against. Ours. */
export const MAX_HTM_CHARACTERS = 32
/** Life of a challenge. Contract. */
export const CHALLENGE_LIFETIME_SECONDS = 300
/** Longest nonce or challenge of a caller. Ours; row V6. */
export const MAX_NONCE_CHARACTERS = 512
/** Credentials in one presentation. Contract; row D24. */
export const MAX_CREDENTIALS_IN_PRESENTATION = 8
/** Outbound fetches that one request may cause. Contract; row D24. */
export const MAX_FETCHES_PER_REQUEST = 20

// ---- DIDs -----------------------------------------------------------------------------------

/** Longest DID. Contract; row D17. */
export const MAX_DID_CHARACTERS = 2_048
/** Longest did:key that does not hold an RSA key: base58 decoding costs the square of it. Contract; row D17. */
export const MAX_DID_KEY_CHARACTERS = 512
/** Longest did:key that holds an RSA key. Contract; row D17. */
export const MAX_DID_KEY_RSA_CHARACTERS = 1_024
/** Verification methods in one document. Row D18. */
export const MAX_VERIFICATION_METHODS = 64
/** Services in one document. Ours, as for verification methods. */
export const MAX_SERVICES = 64
/** Largest DID document, decoded. Row D11. */
export const MAX_DID_DOCUMENT_BYTES = 64 * 1024
/** How long a did:web document is answered from memory; the longest a removed key can live on. Row D25. */
export const DID_WEB_CACHE_SECONDS = 300
/** The same for a did:key or did:jwk, whose document can never change. Ours. */
export const DID_COMPUTED_CACHE_SECONDS = 24 * 60 * 60
/** How long "there is no such document" and "the document is bad" are answered from memory. Row D23. */
export const DID_NEGATIVE_CACHE_SECONDS = 30
/** How long a host that failed or was too slow is not asked again for the same DID. Row D23. */
export const DID_HOST_FAILURE_CACHE_SECONDS = 10
/** Between two forced refreshes of the same DID. Row D25. */
export const DID_REFRESH_COOL_DOWN_SECONDS = 30
/** Text of all did:web documents that an isolate keeps; past that the least recently used goes. Row D25. */
export const MAX_CACHED_DOCUMENT_CHARACTERS = 16 * 1024 * 1024

// ---- outbound fetch -------------------------------------------------------------------------

/** Until the response headers of an outbound fetch are there. Row D11. */
export const FETCH_HEADERS_MILLISECONDS = 2_000
/** Until the last byte of an outbound fetch is there. Row D11. */
export const FETCH_TOTAL_MILLISECONDS = 5_000
/**
 * From the first outbound fetch that one request causes until the last byte of its last: slow hosts one
 * after another do not add up. Ours, so that a verification is answered within six seconds; row D24.
 */
export const FETCHES_OF_REQUEST_MILLISECONDS = 5_500
/** Fetches from one host in one clock minute, by one isolate. Ours; row D23. */
export const MAX_FETCHES_PER_HOST_AND_MINUTE = 300
/** Of these, fetches on behalf of one caller without a token: nobody may use a host up for all. Ours; row D23. */
export const MAX_FETCHES_PER_CALLER_HOST_AND_MINUTE = 60
/** Hosts counted at one time; past that the least recently asked is forgotten. Ours; row D23. */
export const MAX_COUNTED_HOSTS = 10_000
/** Largest linked presentation, decoded: as much as a request body. Ours. */
export const MAX_LINKED_PRESENTATION_BYTES = 256 * 1024
/** Linked presentations of one DID that are fetched at most. Ours; row D24. */
export const MAX_LINKED_PRESENTATIONS = 8
/** Accreditations that are looked at for one request, whatever ways there are between them. Ours; row D24. */
export const MAX_CHAIN_STEPS = 64
/** Life of a linked presentation that we sign when it is read. Ours. */
export const LINKED_PRESENTATION_LIFETIME_SECONDS = 24 * 60 * 60

// ---- credentials and status -----------------------------------------------------------------

/** Entries of one status list; the least that Bitstring Status List 1.0 §2.2 allows. */
export const STATUS_LIST_ENTRIES = 131_072
/** Share of a list that may be taken before the next one is opened. Ours; row S12. */
export const STATUS_LIST_FILL = 0.8
/** After so long a reservation without token is finished by the issuer's alarm. Row H16. */
export const PENDING_SECONDS = 60
/** Status entries that one credential may have. Ours; row D24: each may cost a look at a list. */
export const MAX_STATUS_ENTRIES = 8
/**
 * Entries of somebody else's list that are unpacked at most: 128 KiB at one bit an entry. Row S1.
 */
export const MAX_FOREIGN_STATUS_LIST_ENTRIES = 2 ** 20
/**
 * Largest signed status list of somebody else's, in characters of its token and in bytes as fetched:
 * room for 2^20 bits that no packing makes smaller, and base64url twice. Ours; rows S1, S11.
 */
export const MAX_STATUS_LIST_CHARACTERS = 256 * 1024
/**
 * Longest that a fetched status list is answered from memory, and how long when it names no `ttl`: the
 * longest that a revocation elsewhere can go unseen here. Ours; row S8.
 */
export const STATUS_LIST_CACHE_SECONDS = 300
/**
 * How long it is remembered when the newest status list at a place was signed, from the last time on that
 * the place was asked. An older list whose end is even later counts again then. Ours; row S8.
 */
export const SEEN_STATUS_LIST_SECONDS = 400 * 24 * 60 * 60
/** Status lists of which one object remembers that; those that were asked for least recently go first. Ours; row S8. */
export const MAX_SEEN_STATUS_LISTS = 10_000
/** How long a status list that was away, or no good, is not asked for again. Ours; row S9. */
export const STATUS_LIST_REFUSAL_SECONDS = 10
/** Between two forced refreshes of the same status list. Ours, as for DIDs. */
export const STATUS_LIST_REFRESH_COOL_DOWN_SECONDS = 30
/** How long a reader may keep a status list: `ttl`, and never less than `max-age`. Ours; row S17. */
export const STATUS_LIST_TTL_SECONDS = 60
/** Life of one signed status list. Ours; row S14. */
export const STATUS_LIST_LIFETIME_SECONDS = 24 * 60 * 60
/** Longest validity of an LSO credential: two years, one of which may be a leap year. Ours. */
export const MAX_LSO_VALIDITY_SECONDS = 731 * 24 * 60 * 60
/** Credentials that one call issues, or whose status it changes. Ours; row S12. */
export const MAX_BATCH_ITEMS = 1_000
/** Credentials of one batch that are issued at the same time. Ours. */
export const BATCH_CONCURRENCY = 16
/** Longest free text (`name`, `reason`). Ours. */
export const MAX_TEXT_CHARACTERS = 512

// ---- evidence -------------------------------------------------------------------------------

/** Largest sealed record of one decision, as canonical text: below what one row may hold. Ours. */
export const MAX_EVIDENCE_BYTES = 1024 * 1024
/** Of these, kept free for the report of a presentation whose challenge is about to be spent. Ours. */
export const EVIDENCE_REPORT_BYTES = 256 * 1024
/** How long a decision is kept with its evidence: a year, and a month to ask about it. Ours. */
export const DECISION_RETENTION_SECONDS = 396 * 24 * 60 * 60
/** Decisions that a verifier keeps; past that the oldest goes. Ours. */
export const MAX_KEPT_DECISIONS = 100_000
/**
 * Of these, registrations of one DID: a hundredth, and two a day for as long as they are kept. Past that its
 * oldest goes, so that nobody who registers again and again pushes out what others rest on. The one that a
 * client rests on stays in any case. Ours; row H11.
 */
export const MAX_KEPT_REGISTRATIONS_OF_ONE_CLIENT = 1_000
/** Registrations of one client that its history tells; the oldest are left out. Ours. */
export const MAX_TOLD_REGISTRATIONS = 32
/** Decisions that one dry run of a policy looks at, when the caller does not say, and at most. Ours. */
export const DEFAULT_DRY_RUN_DECISIONS = 100
export const MAX_DRY_RUN_DECISIONS = 500

// ---- following registered clients -----------------------------------------------------------

/** Longest that the status of a client is answered without looking again at what others host. Ours. */
export const CLIENT_STATUS_SECONDS = 300
/** Shortest, whatever `ttl` a status list names: many who poll cause one look. Ours; row D23. */
export const CLIENT_STATUS_FLOOR_SECONDS = 10
/** How soon to look again when something could not be asked. Ours; row S9. */
export const CLIENT_RETRY_SECONDS = 30
/** How long one caller looks at a client for all. Ours. */
export const CLIENT_CLAIM_SECONDS = 15
/** How old the last good answer may be for a client to be `degraded` rather than `unknown`. Ours. */
export const CLIENT_DEGRADED_SECONDS = 24 * 60 * 60
/** Without traffic a client is looked at so often, and so much later at most: spread by its DID. Ours. */
export const CLIENT_ALARM_SECONDS = 300
export const CLIENT_ALARM_SPREAD_SECONDS = 60
/** How old the last look at a client may be for its tokens to count: three alarms, all missed. Ours. */
export const CLIENT_TRUSTED_SECONDS = 15 * 60
/** Clients that one alarm looks at. Ours; row D23. */
export const CLIENT_ALARM_BATCH = 16
/** Issuers of this deployment that one reading of the change feed asks for changes of status. Ours; row D24. */
export const MAX_FEED_ISSUERS = 32
/** Changes of status of one issuer that one reading of the feed takes up. Ours; row D24. */
export const MAX_FEED_STATUS_CHANGES = 1_000
/** Clients that one reading of the feed looks at; what is left is looked at by the next. Ours; row D24. */
export const MAX_FEED_LOOKS = 64
/** Issuers that are asked, or clients that are looked at, at the same time by one reading. Ours. */
export const FEED_CONCURRENCY = 8
/** Documents of one client that are kept; past that the oldest goes. Ours. */
export const MAX_CLIENT_SNAPSHOTS = 16
/**
 * Redirect hosts of one client that are held, approved or rejected: a further one is not taken up; and
 * withdrawn ones that are kept. Ours.
 */
export const MAX_CLIENT_HOLDS = 32
/** Rows of the change feed that a verifier keeps; past that the oldest goes. Ours. */
export const MAX_CLIENT_CHANGES = 100_000

// ---- registered clients ---------------------------------------------------------------------

/** Redirect URIs that a client may ask for. Ours; as many as a document may have services. */
export const MAX_REDIRECT_URIS = 64
/** Longest `scope` that a client may ask for. Ours. */
export const MAX_SCOPE_CHARACTERS = 4_096
/** Metadata of one client as JSON text: it goes into a decision, which is a token itself. Ours. */
export const MAX_CLIENT_METADATA_CHARACTERS = 32 * 1024

// ---- schemas of issuers ---------------------------------------------------------------------

/** Largest schema that an issuer registers, as canonical text. Ours. */
export const MAX_SCHEMA_BYTES = 64 * 1024
/** Schemas that one value of a credential may be held against, references followed. Ours. */
export const MAX_SCHEMA_STEPS = 4_000
/** Schemas within one another, references followed: each takes a frame of the stack. Ours. */
export const MAX_SCHEMA_HEIGHT = 64
/** Items that `uniqueItems` may compare when they are objects or lists. Ours. */
export const MAX_UNIQUE_ITEMS = 256
/** Longest regular expression of a schema. Ours. */
export const MAX_PATTERN_CHARACTERS = 256
/** Largest number in a bounded repetition of a regular expression. Ours. */
export const MAX_PATTERN_REPETITIONS = 1_000
/** Longest text of a credential whose schema has regular expressions. Ours. */
export const MAX_PATTERN_TEXT_CHARACTERS = 4_096
/** Ways in which a regular expression may match one text: two free repetitions and a little more. Ours. */
export const MAX_PATTERN_WAYS = 2 ** 27
/**
 * Work that the registered schemas of one credential may be together, in steps of some 10 ns: about
 * 100 ms. Ours; a look at one value by one schema, and each schema, count as so many.
 */
export const MAX_SCHEMA_WORK = 10_000_000
export const SCHEMA_LOOK_WORK = 400
export const SCHEMA_COMPILE_WORK = 200_000
/** Registered schemas that an isolate keeps compiled. Ours. */
export const MAX_COMPILED_SCHEMAS = 200

// ---- export and import ----------------------------------------------------------------------

/** Largest export that is taken in: millions of credentials. It is read as a stream, line by line. Ours. */
export const MAX_IMPORT_BYTES = 4 * 1024 * 1024 * 1024
/** Longest line of an export: a credential of the largest body, as draft and as token. Ours. */
export const MAX_IMPORT_LINE_BYTES = 2 * 1024 * 1024
/** Rows that one transaction of an import stores at most. Ours. */
export const MAX_IMPORT_CHUNK_ROWS = 500

// ---- callers and caches ---------------------------------------------------------------------

/** Requests per minute and caller on public endpoints, unless `RATE_LIMIT` says otherwise. Contract; row H11. */
export const DEFAULT_RATE_PER_MINUTE = 600
/**
 * Requests that a status list of the past counts as: each is put together from all changes. Ours; row H11.
 */
export const PAST_LIST_REQUESTS = 10
/** Callers counted at one time; past that the least recently seen is forgotten. Ours; row H11. */
export const MAX_RATE_CALLERS = 10_000
/**
 * How long an isolate may answer from its copy of an instance (name, keys, policy, token hash).
 * Changes made through the same isolate are seen at once; other isolates follow within this time.
 */
export const INSTANCE_CACHE_SECONDS = 5
/** How long a shared cache may keep a hosted document, and an answer that was made from it: `max-age`. Ours. */
export const DOCUMENT_MAX_AGE_SECONDS = 60
/**
 * After so long everybody has a new document: the issuer's record in an isolate, a copy of `did.json`
 * in front of it, a resolver's memory, and a copy of what that resolver answered. Row K4.
 */
export const KEY_OVERLAP_SECONDS =
  INSTANCE_CACHE_SECONDS +
  DOCUMENT_MAX_AGE_SECONDS +
  DID_WEB_CACHE_SECONDS +
  DOCUMENT_MAX_AGE_SECONDS
/** Longest overlap that a caller may ask for: a year. Ours. */
export const MAX_KEY_OVERLAP_SECONDS = 366 * 24 * 60 * 60
/** Keys that an issuer has and had. Ours. */
export const MAX_INSTANCE_KEYS = 1_000
/** Instances, documents and imported keys that an isolate keeps of each kind. Ours. */
export const MAX_CACHED_ENTRIES = 1_000
/** Unpacked bytes of all fetched status lists that an isolate keeps. Ours; row S1. */
export const MAX_CACHED_STATUS_LIST_BYTES = 32 * 1024 * 1024
/** Status lists that an isolate keeps, packed and signed each for itself; each is up to 64 KiB. Ours. */
export const MAX_SIGNED_LISTS = 256
/** Tokens whose signature was found good are remembered up to so many characters together. */
export const MAX_REMEMBERED_TOKEN_CHARACTERS = 4 * 1024 * 1024
