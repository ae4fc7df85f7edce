-- A form that was looked at waits for the batch that asked for it, whoever's worker looked.
ALTER TABLE job ADD COLUMN batch TEXT NOT NULL DEFAULT '';
