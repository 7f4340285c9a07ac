CREATE OR REPLACE FUNCTION api_key_snapshot(k api_keys) RETURNS jsonb LANGUAGE sql STABLE AS $$
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
CREATE OR REPLACE TRIGGER api_keys_log_change AFTER UPDATE ON api_keys FOR EACH ROW
    WHEN ((OLD.user_id, OLD.expires_at, OLD.not_before, OLD.disabled_at, OLD.revoked_at, OLD.deleted_at, OLD.scopes,
           OLD.networks, OLD.rate_limit_requests, OLD.rate_limit_seconds)
        IS DISTINCT FROM
          (NEW.user_id, NEW.expires_at, NEW.not_before, NEW.disabled_at, NEW.revoked_at, NEW.deleted_at, NEW.scopes,
           NEW.networks, NEW.rate_limit_requests, NEW.rate_limit_seconds)
        OR (OLD.hash <> NEW.hash AND OLD.pepper = NEW.pepper))
    EXECUTE FUNCTION log_key_change();
ALTER TABLE api_keys ENABLE ALWAYS TRIGGER api_keys_log_change;
-- Keys of other projects belong to principals that version 0.1.0 does not know.
DELETE FROM idempotency_keys WHERE user_id IN (SELECT id FROM principals WHERE kind <> 'user');
UPDATE api_keys SET predecessor_id = NULL, successor_id = NULL
    WHERE user_id IN (SELECT id FROM principals WHERE kind <> 'user');
DELETE FROM api_keys WHERE user_id IN (SELECT id FROM principals WHERE kind <> 'user');
ALTER TABLE api_keys
    DROP CONSTRAINT api_keys_key_prefix_length_check,
    -- Keys of other lengths may exist: those of projects with a prefix of their own.
    ADD CONSTRAINT api_keys_key_prefix_check CHECK (char_length(key_prefix) = 12) NOT VALID,
    DROP COLUMN project_id,
    DROP COLUMN metadata,
    DROP COLUMN managed;
