-- Locks nothing that is in use: the table is new. Beside the keys, not in them: counts change all the time, and must not
-- touch a row that verification reads.
CREATE TABLE key_usage (
    key_id bigint PRIMARY KEY REFERENCES api_keys (id) ON DELETE CASCADE,
    valid_count bigint NOT NULL CHECK (valid_count >= 0),
    invalid_count bigint NOT NULL CHECK (invalid_count >= 0),
    last_used_at timestamptz
) WITH (fillfactor = 85);
