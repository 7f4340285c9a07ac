-- Takes an ACCESS EXCLUSIVE lock on api_keys while Postgres scans the table to check the new constraints and to build
-- the index. The table is not rewritten, because no default is volatile.
ALTER TABLE api_keys
    -- Incremented with every change of the record. Part of its ETag.
    ADD COLUMN version bigint NOT NULL DEFAULT 1,
    ADD COLUMN revocation_reason text CHECK (char_length(revocation_reason) <= 255),
    -- The policy. A null column does not restrict the key.
    ADD COLUMN scopes text[] CHECK (array_position(scopes, NULL) IS NULL),
    ADD COLUMN networks cidr[] CHECK (array_position(networks, NULL) IS NULL),
    ADD COLUMN rate_limit_requests bigint CHECK (rate_limit_requests BETWEEN 1 AND 1000000),
    ADD COLUMN rate_limit_seconds bigint CHECK (rate_limit_seconds BETWEEN 1 AND 86400),
    -- Rotation: the key that this one replaced, and the key that replaced it.
    ADD COLUMN predecessor_id bigint REFERENCES api_keys (id),
    ADD COLUMN successor_id bigint REFERENCES api_keys (id),
    ADD CONSTRAINT api_keys_rate_limit_complete CHECK ((rate_limit_requests IS NULL) = (rate_limit_seconds IS NULL));

-- At most one successor for each key.
CREATE UNIQUE INDEX api_keys_predecessor_id_idx ON api_keys (predecessor_id) WHERE predecessor_id IS NOT NULL;

-- The snapshot of a key in an audit event. Columns are named one by one, so that the hash is never included.
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
