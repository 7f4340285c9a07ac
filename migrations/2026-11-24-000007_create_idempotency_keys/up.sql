-- Locks nothing that is in use: the table is new.
CREATE TABLE idempotency_keys (
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- A keyed hash of the Idempotency-Key, without which the secret cannot be opened.
    key_hash bytea NOT NULL CHECK (octet_length(key_hash) = 32),
    -- A keyed hash of the request that it came with: another request under the same key is refused.
    request_hash bytea NOT NULL CHECK (octet_length(request_hash) = 32),
    -- The record that was made, and its secret, encrypted; null while the request is under way.
    api_key_id bigint REFERENCES api_keys (id) ON DELETE CASCADE,
    sealed_secret bytea,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, key_hash),
    CONSTRAINT idempotency_keys_complete CHECK ((api_key_id IS NULL) = (sealed_secret IS NULL))
);

-- Serves the removal of answers whose time is over.
CREATE INDEX idempotency_keys_expires_at_idx ON idempotency_keys (expires_at);
