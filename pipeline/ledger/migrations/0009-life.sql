-- The life of a dossier after its packet: what people told of it (the last word of a kind and key counts), and the
-- papers that were issued for it, each version once.
CREATE TABLE fact (
    number BIGINT PRIMARY KEY, dossier TEXT NOT NULL REFERENCES dossier, kind TEXT NOT NULL, key TEXT NOT NULL,
    body TEXT NOT NULL, by_whom TEXT NOT NULL, day TEXT NOT NULL, at TEXT NOT NULL
);
CREATE INDEX fact_dossier ON fact (dossier, number);
CREATE TABLE paper (
    id TEXT PRIMARY KEY, dossier TEXT NOT NULL REFERENCES dossier, kind TEXT NOT NULL, key TEXT NOT NULL,
    version BIGINT NOT NULL, state TEXT NOT NULL, folder TEXT NOT NULL, day TEXT NOT NULL, made_at TEXT NOT NULL,
    body TEXT NOT NULL, replaces TEXT
);
CREATE UNIQUE INDEX paper_version ON paper (dossier, kind, key, version) WHERE state <> 'annulee';
CREATE INDEX paper_dossier ON paper (dossier, made_at);
