-- Forms, what people decided of them, and what happened.
CREATE TABLE IF NOT EXISTS form (
    sha256 TEXT PRIMARY KEY, name TEXT NOT NULL, received_on TEXT NOT NULL,
    state TEXT NOT NULL, formation TEXT, stagiaire TEXT, detail TEXT NOT NULL DEFAULT '',
    folder TEXT, packet TEXT, changed_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS decision (
    number BIGINT PRIMARY KEY, sha256 TEXT NOT NULL REFERENCES form, kind TEXT NOT NULL,
    rule TEXT, value TEXT, by_whom TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', made_on TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS journal (
    number BIGINT PRIMARY KEY, at TEXT NOT NULL, sha256 TEXT NOT NULL, event TEXT NOT NULL, detail TEXT NOT NULL
);
