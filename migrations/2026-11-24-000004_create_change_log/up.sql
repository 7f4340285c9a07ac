-- The change log: changed keys and users, for the caches of all nodes. Takes a SHARE ROW EXCLUSIVE lock on api_keys and
-- users while the triggers are created.
CREATE TABLE change_log (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- IDs become visible out of order. A node therefore reads the entries of all transactions that its previous
    -- snapshot did not see, and misses none.
    transaction xid8 NOT NULL DEFAULT pg_current_xact_id(),
    key_id bigint,
    user_id bigint,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT change_log_one_subject CHECK (num_nonnulls(key_id, user_id) = 1)
);

CREATE INDEX change_log_transaction_idx ON change_log (transaction);

-- Triggers, so that no statement can omit the entry, whether it comes from the program or from an operator.
CREATE FUNCTION log_key_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change_log (key_id) VALUES (OLD.id);
    -- A hint only, because nodes also poll. NOTIFY takes a lock at commit, so only changes of this log send it.
    NOTIFY latchkey_changes;
    RETURN NULL;
END
$$;

CREATE FUNCTION log_user_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change_log (user_id) VALUES (OLD.id);
    NOTIFY latchkey_changes;
    RETURN NULL;
END
$$;

-- Columns that do not affect verification (description, hash and pepper) are not logged.
CREATE TRIGGER api_keys_log_change AFTER UPDATE ON api_keys FOR EACH ROW
    WHEN ((OLD.user_id, OLD.expires_at, OLD.not_before, OLD.disabled_at, OLD.revoked_at, OLD.deleted_at, OLD.scopes,
           OLD.networks, OLD.rate_limit_requests, OLD.rate_limit_seconds)
        IS DISTINCT FROM
          (NEW.user_id, NEW.expires_at, NEW.not_before, NEW.disabled_at, NEW.revoked_at, NEW.deleted_at, NEW.scopes,
           NEW.networks, NEW.rate_limit_requests, NEW.rate_limit_seconds))
    EXECUTE FUNCTION log_key_change();
CREATE TRIGGER api_keys_log_removal AFTER DELETE ON api_keys FOR EACH ROW EXECUTE FUNCTION log_key_change();
CREATE TRIGGER users_log_change AFTER UPDATE ON users FOR EACH ROW
    WHEN ((OLD.name, OLD.role, OLD.token_generation, OLD.disabled_at)
        IS DISTINCT FROM (NEW.name, NEW.role, NEW.token_generation, NEW.disabled_at))
    EXECUTE FUNCTION log_user_change();
CREATE TRIGGER users_log_removal AFTER DELETE ON users FOR EACH ROW EXECUTE FUNCTION log_user_change();
