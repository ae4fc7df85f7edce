-- The queue, arrivals, packets and their versions, what was read; the journal names its actor and is chained.
ALTER TABLE form ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE form ADD COLUMN replaces TEXT;
ALTER TABLE form ADD COLUMN person TEXT;
ALTER TABLE form ADD COLUMN received_at DOUBLE PRECISION NOT NULL DEFAULT 0;
CREATE INDEX form_person ON form (person);
ALTER TABLE journal ADD COLUMN actor TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN previous TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN hash TEXT NOT NULL DEFAULT '';
CREATE TABLE arrival (
    source TEXT PRIMARY KEY, sha256 TEXT NOT NULL REFERENCES form, name TEXT NOT NULL, at TEXT NOT NULL
);
CREATE TABLE job (
    sha256 TEXT PRIMARY KEY REFERENCES form, state TEXT NOT NULL, day TEXT NOT NULL, queued_at DOUBLE PRECISION NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0, token BIGINT NOT NULL DEFAULT 0, owner TEXT NOT NULL DEFAULT '',
    claimed_at DOUBLE PRECISION NOT NULL DEFAULT 0, lease_until DOUBLE PRECISION NOT NULL DEFAULT 0,
    not_before DOUBLE PRECISION NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT ''
);
CREATE INDEX job_state ON job (state, not_before);
CREATE TABLE packet (
    id TEXT PRIMARY KEY, sha256 TEXT NOT NULL REFERENCES form, folder TEXT NOT NULL, state TEXT NOT NULL,
    made_at TEXT NOT NULL, locked_at TEXT, locked_by TEXT
);
CREATE INDEX packet_form ON packet (sha256);
CREATE TABLE record (
    sha256 TEXT PRIMARY KEY REFERENCES form, at TEXT NOT NULL, body TEXT NOT NULL
);
CREATE TABLE reading (
    sha256 TEXT NOT NULL REFERENCES form, reader TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (sha256, reader)
);
