-- A batch reads all its forms before it prints any; a packet knows its day of edition, whatever the clock says.
ALTER TABLE job ADD COLUMN step TEXT NOT NULL DEFAULT 'whole';
ALTER TABLE packet ADD COLUMN day TEXT NOT NULL DEFAULT '';
UPDATE packet SET day = substr(made_at, 1, 10);
