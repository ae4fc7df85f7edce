-- Whether a packet was issued with a hole: not yet known of those that an older liasse made, 1 until it is told, then 2.
ALTER TABLE packet ADD COLUMN incomplete BIGINT;
