-- Takes a SHARE ROW EXCLUSIVE lock on api_keys while the table is created, for the foreign key. Usage has a table of
-- its own, because counters change constantly and must not update rows that verification reads.
CREATE TABLE key_usage (
    key_id bigint PRIMARY KEY REFERENCES api_keys (id) ON DELETE CASCADE,
    valid_count bigint NOT NULL CHECK (valid_count >= 0),
    invalid_count bigint NOT NULL CHECK (invalid_count >= 0),
    last_used_at timestamptz
) WITH (fillfactor = 85);
