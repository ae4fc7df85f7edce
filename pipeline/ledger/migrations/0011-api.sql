-- The API: what was sent under an idempotency key, for a day; webhooks, and their calls until they are old.
-- A webhook's secret signs what is sent: it is kept as it is, and shown once.
CREATE TABLE upload (
    actor TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, sha256 TEXT NOT NULL, at DOUBLE PRECISION NOT NULL,
    PRIMARY KEY (actor, key)
);
CREATE INDEX upload_at ON upload (at);
CREATE TABLE webhook (
    id TEXT PRIMARY KEY, url TEXT NOT NULL, secret TEXT NOT NULL, events TEXT NOT NULL, formations TEXT NOT NULL,
    made_by TEXT NOT NULL, made_at TEXT NOT NULL, after BIGINT NOT NULL
);
-- number: the line of the journal that it tells.
CREATE TABLE webhook_call (
    webhook TEXT NOT NULL REFERENCES webhook, number BIGINT NOT NULL, event TEXT NOT NULL, body TEXT NOT NULL,
    state TEXT NOT NULL, attempts BIGINT NOT NULL, not_before DOUBLE PRECISION NOT NULL, at DOUBLE PRECISION NOT NULL,
    said TEXT NOT NULL, PRIMARY KEY (webhook, number)
);
CREATE INDEX webhook_call_due ON webhook_call (state, not_before);
