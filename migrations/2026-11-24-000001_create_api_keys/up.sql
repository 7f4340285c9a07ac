-- Takes a SHARE ROW EXCLUSIVE lock on users while the table is created, for the foreign key.
CREATE TABLE api_keys (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    -- HMAC-SHA-256 of the full key under the pepper with this number. Peppers are kept outside the database. The hash
    -- is unique, so that a key never matches two records. Its length is checked, so that a truncated digest is never
    -- stored.
    pepper smallint NOT NULL CHECK (pepper > 0),
    hash bytea NOT NULL CONSTRAINT api_keys_hash_key UNIQUE CHECK (octet_length(hash) = 32),
    -- The first 12 characters of the key, by which a person recognizes it.
    key_prefix text NOT NULL CHECK (char_length(key_prefix) = 12),
    description text CHECK (char_length(description) <= 4096),
    created_at timestamptz NOT NULL,
    -- The status is derived from these columns and never stored.
    expires_at timestamptz,
    not_before timestamptz,
    disabled_at timestamptz,
    revoked_at timestamptz,
    -- Set for a deleted key (tombstone). The API no longer returns the record, and the hash is never issued again.
    deleted_at timestamptz
    -- Free space on each page allows heap-only updates (HOT) of columns without an index.
) WITH (fillfactor = 85);

-- For listing a user's keys page by page, newest first.
CREATE INDEX api_keys_user_id_id_idx ON api_keys (user_id, id DESC) WHERE deleted_at IS NULL;
