-- Takes an ACCESS EXCLUSIVE lock on api_keys for as long as it takes to read the table once or twice, to check the new
-- constraints and build the index. Nothing is rewritten, as no default is volatile.
ALTER TABLE api_keys
    -- Steps up with every change of the record; the ETag is made of it.
    ADD COLUMN version bigint NOT NULL DEFAULT 1,
    ADD COLUMN revocation_reason text CHECK (char_length(revocation_reason) <= 255),
    -- The policy: each part that is null does not narrow the key.
    ADD COLUMN scopes text[] CHECK (array_position(scopes, NULL) IS NULL),
    ADD COLUMN networks cidr[] CHECK (array_position(networks, NULL) IS NULL),
    ADD COLUMN rate_limit_requests bigint CHECK (rate_limit_requests BETWEEN 1 AND 1000000),
    ADD COLUMN rate_limit_seconds bigint CHECK (rate_limit_seconds BETWEEN 1 AND 86400),
    -- Rotation: which key this one replaced, and which one replaced it.
    ADD COLUMN predecessor_id bigint REFERENCES api_keys (id),
    ADD COLUMN successor_id bigint REFERENCES api_keys (id),
    ADD CONSTRAINT api_keys_rate_limit_complete CHECK ((rate_limit_requests IS NULL) = (rate_limit_seconds IS NULL));

-- One successor for each key, whatever the statements do.
CREATE UNIQUE INDEX api_keys_predecessor_id_idx ON api_keys (predecessor_id) WHERE predecessor_id IS NOT NULL;

-- A key for the audit trail. It names the columns one by one, so that the hash is never among them.
CREATE FUNCTION api_key_snapshot(k api_keys) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'description', k.description,
        'expires_at', k.expires_at,
        'not_before', k.not_before,
        'disabled', k.disabled_at IS NOT NULL,
        'revoked', k.revoked_at IS NOT NULL,
        'revocation_reason', k.revocation_reason,
        'deleted', k.deleted_at IS NOT NULL,
        'scopes', k.scopes,
        'networks', k.networks::text[],
        'rate_limit', CASE WHEN k.rate_limit_requests IS NOT NULL
            THEN jsonb_build_object('requests', k.rate_limit_requests, 'seconds', k.rate_limit_seconds) END,
        'successor_id', k.successor_id)
$$;
