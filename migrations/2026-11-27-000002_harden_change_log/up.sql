-- No change of a key or user escapes the change log, whatever session makes it.

-- The triggers write to the log in the schema of their tables. Not to a temporary table of the same name, which otherwise comes
-- first in every search path, and also if the path is empty.
DO $$
DECLARE
    log_schema text := (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = 'change_log'::regclass);
BEGIN
    EXECUTE format('ALTER FUNCTION log_key_change() SET search_path = %I, pg_temp', log_schema);
    EXECUTE format('ALTER FUNCTION log_user_change() SET search_path = %I, pg_temp', log_schema);
END
$$;

-- Takes SHARE ROW EXCLUSIVE locks on api_keys and users, which block writes but not reads, for the time that it takes to change
-- the catalog. Writes queue behind a lock that is waited for, so each attempt to get it is short.
DO $$
BEGIN
    SET LOCAL lock_timeout = '50ms';
    FOR attempt IN 1..600 LOOP
        BEGIN
            LOCK TABLE users, api_keys IN SHARE ROW EXCLUSIVE MODE;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.1);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'users or api_keys were locked by a long transaction for a minute';
END
$$;

-- A changed hash changes which key is valid. Only a re-hash, which changes the pepper too, stores the same key: it is not logged.
CREATE OR REPLACE TRIGGER api_keys_log_change AFTER UPDATE ON api_keys FOR EACH ROW
    WHEN ((OLD.user_id, OLD.expires_at, OLD.not_before, OLD.disabled_at, OLD.revoked_at, OLD.deleted_at, OLD.scopes,
           OLD.networks, OLD.rate_limit_requests, OLD.rate_limit_seconds)
        IS DISTINCT FROM
          (NEW.user_id, NEW.expires_at, NEW.not_before, NEW.disabled_at, NEW.revoked_at, NEW.deleted_at, NEW.scopes,
           NEW.networks, NEW.rate_limit_requests, NEW.rate_limit_seconds)
        OR (OLD.hash <> NEW.hash AND OLD.pepper = NEW.pepper))
    EXECUTE FUNCTION log_key_change();

-- Also for what logical replication applies, and in sessions with session_replication_role = replica.
ALTER TABLE api_keys ENABLE ALWAYS TRIGGER api_keys_log_change, ENABLE ALWAYS TRIGGER api_keys_log_removal;
ALTER TABLE users ENABLE ALWAYS TRIGGER users_log_change, ENABLE ALWAYS TRIGGER users_log_removal;
