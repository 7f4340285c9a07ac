-- Takes SHARE ROW EXCLUSIVE locks on users and api_keys while the table is created, for the foreign keys.
CREATE TABLE idempotency_keys (
    user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- Keyed hash of the Idempotency-Key. The secret cannot be decrypted without the Idempotency-Key itself.
    key_hash bytea NOT NULL CHECK (octet_length(key_hash) = 32),
    -- Keyed hash of the request. A different request under the same Idempotency-Key is rejected.
    request_hash bytea NOT NULL CHECK (octet_length(request_hash) = 32),
    -- The created record and its encrypted secret. Null while the request is in progress.
    api_key_id bigint REFERENCES api_keys (id) ON DELETE CASCADE,
    sealed_secret bytea,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, key_hash),
    CONSTRAINT idempotency_keys_complete CHECK ((api_key_id IS NULL) = (sealed_secret IS NULL))
);

-- For purging expired rows.
CREATE INDEX idempotency_keys_expires_at_idx ON idempotency_keys (expires_at);
