-- Takes an ACCESS EXCLUSIVE lock on api_keys and a SHARE ROW EXCLUSIVE lock on principals, for the time that it takes to change
-- the catalog: constant defaults rewrite nothing, and the constraints are validated by the next migration. Requests queue behind a
-- lock that is waited for, so each attempt to get it is short.
DO $$
BEGIN
    SET LOCAL lock_timeout = '20ms';
    FOR attempt IN 1..600 LOOP
        BEGIN
            LOCK TABLE principals IN SHARE ROW EXCLUSIVE MODE;
            LOCK TABLE api_keys IN ACCESS EXCLUSIVE MODE;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.1);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'principals or api_keys were locked by a long transaction for a minute';
END
$$;

ALTER TABLE api_keys
    -- That of its principal.
    ADD COLUMN project_id bigint NOT NULL DEFAULT 1,
    ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}',
    -- Whether a member issued or changed it. Its owner may then only restrict it.
    ADD COLUMN managed boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT api_keys_metadata_check
        CHECK (jsonb_typeof(metadata) = 'object' AND NOT jsonb_path_exists(metadata, 'strict $.* ? (@.type() <> "string")')) NOT VALID,
    DROP CONSTRAINT api_keys_key_prefix_check,
    ADD CONSTRAINT api_keys_key_prefix_length_check CHECK (char_length(key_prefix) BETWEEN 4 AND 32) NOT VALID,
    ADD CONSTRAINT api_keys_user_id_project_id_fkey FOREIGN KEY (user_id, project_id) REFERENCES principals (id, project_id)
        NOT VALID;

CREATE OR REPLACE TRIGGER api_keys_log_change AFTER UPDATE ON api_keys FOR EACH ROW
    WHEN ((OLD.user_id, OLD.expires_at, OLD.not_before, OLD.disabled_at, OLD.revoked_at, OLD.deleted_at, OLD.scopes,
           OLD.networks, OLD.rate_limit_requests, OLD.rate_limit_seconds, OLD.metadata)
        IS DISTINCT FROM
          (NEW.user_id, NEW.expires_at, NEW.not_before, NEW.disabled_at, NEW.revoked_at, NEW.deleted_at, NEW.scopes,
           NEW.networks, NEW.rate_limit_requests, NEW.rate_limit_seconds, NEW.metadata)
        OR (OLD.hash <> NEW.hash AND OLD.pepper = NEW.pepper))
    EXECUTE FUNCTION log_key_change();
ALTER TABLE api_keys ENABLE ALWAYS TRIGGER api_keys_log_change;

-- Events say when a member took a key over. Metadata is not recorded: it may name persons.
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
        'successor_id', k.successor_id,
        'managed', CASE WHEN k.managed THEN true END)
$$;
