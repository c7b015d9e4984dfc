import { ACCREDITATION_TABLE } from './accreditation-rows.ts'
import { NAME_INDEXES } from './credential-names.ts'
import { IMPORT_TABLE } from './import-rows.ts'
import { INSTANCE_SCHEMA } from './instance-object.ts'
import { SIGNED_BY } from './key-rows.ts'
import { MARKS_IN_ORDER } from './ledger.ts'
import type { Migrations } from './migrations.ts'
import { SCHEMA_TABLE } from './schema-rows.ts'
import { STATUS_IN_INDEX } from './status-rows.ts'

/** Documented in docs/storage.md. */
export const ISSUER_MIGRATIONS: Migrations = [
  `
  ${INSTANCE_SCHEMA}
  CREATE TABLE credential (
    sequence      INTEGER PRIMARY KEY,
    cid           TEXT    NOT NULL UNIQUE,
    credential_id TEXT    NOT NULL UNIQUE,
    alias         TEXT    UNIQUE,
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
    suspended     INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX credential_pending ON credential (reserved_at) WHERE token IS NULL;
  CREATE INDEX credential_by_subject ON credential (subject);
  CREATE TABLE status_list (
    id      TEXT    PRIMARY KEY,
    purpose TEXT    NOT NULL,
    taken   INTEGER NOT NULL, -- entries that belong to a credential
    version INTEGER NOT NULL  -- grows with every change of an entry
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE status_entry (
    list       TEXT    NOT NULL,
    idx        INTEGER NOT NULL,
    purpose    TEXT    NOT NULL,
    credential INTEGER NOT NULL, -- credential.sequence
    PRIMARY KEY (list, idx)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX status_entry_by_credential ON status_entry (credential);
`,
  `
  CREATE TABLE status_change (
    sequence   INTEGER PRIMARY KEY,
    credential INTEGER NOT NULL, -- credential.sequence
    purpose    TEXT    NOT NULL,
    status     INTEGER NOT NULL, -- 0 or 1
    at         INTEGER NOT NULL, -- epoch seconds
    actor      TEXT    NOT NULL,
    reason     TEXT
  ) STRICT;
  CREATE INDEX status_change_by_credential ON status_change (credential);
  CREATE INDEX credential_with_status ON credential (sequence) WHERE revoked = 1 OR suspended = 1;
`,
  `${SCHEMA_TABLE}${IMPORT_TABLE}`,
  SIGNED_BY,
  ACCREDITATION_TABLE,
  NAME_INDEXES,
  MARKS_IN_ORDER,
  STATUS_IN_INDEX,
]
