-- An internship is a dossier with a number of its own; what a form may share with others is kept beside its values.
CREATE TABLE dossier (
    id TEXT PRIMARY KEY, number TEXT NOT NULL UNIQUE, opened_on TEXT NOT NULL
);
CREATE TABLE dossier_number (
    number TEXT PRIMARY KEY, dossier TEXT NOT NULL REFERENCES dossier
);
CREATE TABLE numbering (
    year TEXT PRIMARY KEY, last BIGINT NOT NULL
);
CREATE TABLE membership (
    number BIGINT PRIMARY KEY, sha256 TEXT NOT NULL REFERENCES form, left_dossier TEXT NOT NULL REFERENCES dossier,
    joined_dossier TEXT NOT NULL REFERENCES dossier, by_whom TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '',
    at TEXT NOT NULL, undone BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX membership_form ON membership (sha256, number);
CREATE INDEX membership_left ON membership (left_dossier);
ALTER TABLE form ADD COLUMN dossier TEXT REFERENCES dossier;
CREATE INDEX form_dossier ON form (dossier);
CREATE INDEX form_received ON form (received_on, received_at, sha256);
CREATE INDEX form_state ON form (state);
CREATE INDEX packet_state ON packet (state);
CREATE INDEX journal_form ON journal (sha256);
CREATE INDEX decision_form ON decision (sha256);
CREATE TABLE member (
    sha256 TEXT PRIMARY KEY REFERENCES form, arrival TEXT NOT NULL, body TEXT NOT NULL
);
CREATE TABLE member_key (
    key TEXT NOT NULL, detail TEXT NOT NULL, arrival TEXT NOT NULL, sha256 TEXT NOT NULL REFERENCES form,
    begins TEXT, ends TEXT, staff BIGINT
);
CREATE INDEX member_key_key ON member_key (key, detail, arrival);
CREATE INDEX member_key_ends ON member_key (key, ends);
CREATE INDEX member_key_form ON member_key (sha256);
ALTER TABLE job RENAME COLUMN anew TO regenerates;
UPDATE job SET regenerates = '' WHERE state IN ('done', 'quarantined');
UPDATE job SET state = 'checked' WHERE state = 'looked';
UPDATE job SET step = 'check' WHERE step = 'look';
ALTER TABLE packet ADD COLUMN pages BIGINT;
ALTER TABLE packet ADD COLUMN signatures BIGINT;
