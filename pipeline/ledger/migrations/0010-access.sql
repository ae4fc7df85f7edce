-- Who enters by the web. What lets somebody in (a password, a session, a token, a link) is kept as a hash only.
-- formations: codes with spaces between, or * for all.
CREATE TABLE account (
    id TEXT PRIMARY KEY, login TEXT NOT NULL UNIQUE, name TEXT NOT NULL, roles TEXT NOT NULL, formations TEXT NOT NULL,
    password TEXT NOT NULL DEFAULT '', renews BIGINT NOT NULL DEFAULT 0, state TEXT NOT NULL, made_at TEXT NOT NULL
);
CREATE TABLE api_token (
    hash TEXT PRIMARY KEY, label TEXT NOT NULL, rights TEXT NOT NULL, formations TEXT NOT NULL, made_by TEXT NOT NULL,
    made_at TEXT NOT NULL, expires_at TEXT NOT NULL, revoked_at TEXT NOT NULL DEFAULT ''
);
CREATE TABLE access_link (
    hash TEXT PRIMARY KEY, dossier TEXT NOT NULL REFERENCES dossier, recipient TEXT NOT NULL, rights TEXT NOT NULL,
    made_by TEXT NOT NULL, made_at TEXT NOT NULL, expires_at TEXT NOT NULL, revoked_at TEXT NOT NULL DEFAULT ''
);
CREATE INDEX access_link_dossier ON access_link (dossier);
-- Of no use after a restore, and never in the sealed copy: open sessions, and failed attempts to open one.
CREATE TABLE web_session (
    hash TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account, begun DOUBLE PRECISION NOT NULL,
    seen DOUBLE PRECISION NOT NULL
);
CREATE INDEX web_session_account ON web_session (account);
CREATE TABLE failed_attempt (
    who TEXT PRIMARY KEY, count BIGINT NOT NULL, until DOUBLE PRECISION NOT NULL, last DOUBLE PRECISION NOT NULL
);
