-- A job may be to make a packet anew: the packet that the next version replaces.
ALTER TABLE job ADD COLUMN anew TEXT NOT NULL DEFAULT '';
