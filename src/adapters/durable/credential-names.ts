/** Characters of a `cid`, which is a UUID: a credential's own URL ends with them. */
const CID = 36

/**
 * Script that makes the table `credential` anew, with names in fewer indexes: an own URL is found by the
 * `cid` at its end, and most credentials have no alias. Each index costs a page of every reservation,
 * and of the pages that one may change before it spills into a temporary file there are fifteen.
 */
export const NAME_INDEXES = `
  CREATE TABLE renamed (
    sequence      INTEGER PRIMARY KEY,
    cid           TEXT    NOT NULL UNIQUE,
    credential_id TEXT    NOT NULL,
    alias         TEXT,
    format        TEXT    NOT NULL,
    types         TEXT    NOT NULL, -- JSON list
    subject       TEXT,
    valid_from    INTEGER NOT NULL, -- epoch seconds
    valid_until   INTEGER,          -- epoch seconds
    draft         TEXT    NOT NULL, -- JSON object, without status entries
    reserved_at   INTEGER NOT NULL, -- epoch seconds
    token         TEXT,             -- null between reservation and completion
    digest        TEXT,             -- base64url SHA-256 of the token
    revoked       INTEGER NOT NULL DEFAULT 0,
    suspended     INTEGER NOT NULL DEFAULT 0,
    signed_by     TEXT              -- kid
  ) STRICT;
  INSERT INTO renamed
    (sequence, cid, credential_id, alias, format, types, subject, valid_from, valid_until, draft,
     reserved_at, token, digest, revoked, suspended, signed_by)
  SELECT sequence, cid, credential_id, alias, format, types, subject, valid_from, valid_until, draft,
     reserved_at, token, digest, revoked, suspended, signed_by
  FROM credential ORDER BY sequence;
  DROP TABLE credential;
  ALTER TABLE renamed RENAME TO credential;
  CREATE UNIQUE INDEX credential_by_given_id ON credential (credential_id)
    WHERE substr(credential_id, -${CID}) <> cid;
  CREATE UNIQUE INDEX credential_by_alias ON credential (alias) WHERE alias IS NOT NULL;
  CREATE INDEX credential_pending ON credential (reserved_at) WHERE token IS NULL;
  CREATE INDEX credential_by_subject ON credential (subject);
  CREATE INDEX credential_with_status ON credential (sequence) WHERE revoked = 1 OR suspended = 1;
  CREATE INDEX credential_by_key ON credential (signed_by, valid_until)
    WHERE token IS NOT NULL AND revoked = 0;
`

/**
 * Condition that a row `c` of `credential` has the `id` that `name` is an expression for. Each
 * alternative has an index, and says in the words of that index what is in it.
 */
export const hasId = (c: string, name: string): string =>
  `(${c}.cid = substr(${name}, -${CID}) AND ${c}.credential_id = ${name}
    OR ${c}.credential_id = ${name} AND substr(${c}.credential_id, -${CID}) <> ${c}.cid)`

/** Condition that a row has a name: its `id`, its alias or its `cid`. */
export const isNamed = (c: string, name: string): string =>
  `(${c}.cid = ${name} OR ${c}.alias = ${name} OR ${hasId(c, name)})`

/** True when the credential's own URL names it: what nobody else has is then its `cid`. */
export const isNamedByCid = (credentialId: string, cid: string): boolean =>
  cid.length === CID && credentialId.endsWith(cid)
