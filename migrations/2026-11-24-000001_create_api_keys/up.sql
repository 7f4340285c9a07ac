-- Locks nothing that is in use: the table is new.
CREATE TABLE api_keys (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    -- HMAC-SHA-256 of the whole key under the pepper of this number, which lives outside the database. Unique, so
    -- that one key can never stand for two records; of full length, so that a cut digest is never stored.
    pepper smallint NOT NULL CHECK (pepper > 0),
    hash bytea NOT NULL CONSTRAINT api_keys_hash_key UNIQUE CHECK (octet_length(hash) = 32),
    -- The first 12 characters of the key, by which a person recognises it.
    key_prefix text NOT NULL CHECK (char_length(key_prefix) = 12),
    description text CHECK (char_length(description) <= 4096),
    created_at timestamptz NOT NULL,
    -- The status is derived from these, never stored.
    expires_at timestamptz,
    not_before timestamptz,
    disabled_at timestamptz,
    revoked_at timestamptz,
    -- The tombstone of a deleted key: its record is gone for its owner, and its hash can never be issued again.
    deleted_at timestamptz
    -- Room on each page lets an update of columns without an index stay on it (heap-only tuples).
) WITH (fillfactor = 85);

-- Serves the keyset pages of an owner, newest first.
CREATE INDEX api_keys_user_id_id_idx ON api_keys (user_id, id DESC) WHERE deleted_at IS NULL;
