-- The lines of the sealed copy that lies beside the spool: the last ones, until they are surely there. And the files
-- that no form rests on: they are announced before they have their name, and only what is noted here may be purged.
CREATE TABLE copy_line (
    number BIGINT PRIMARY KEY, hash TEXT NOT NULL, body TEXT NOT NULL
);
CREATE TABLE spare_file (
    place TEXT NOT NULL, sha256 TEXT NOT NULL, at TEXT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (place, sha256)
);
