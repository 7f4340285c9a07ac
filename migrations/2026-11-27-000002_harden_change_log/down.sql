ALTER TABLE users ENABLE TRIGGER users_log_change, ENABLE TRIGGER users_log_removal;
ALTER TABLE api_keys ENABLE TRIGGER api_keys_log_change, ENABLE TRIGGER api_keys_log_removal;
CREATE OR REPLACE TRIGGER api_keys_log_change AFTER UPDATE ON api_keys FOR EACH ROW
    WHEN ((OLD.user_id, OLD.expires_at, OLD.not_before, OLD.disabled_at, OLD.revoked_at, OLD.deleted_at, OLD.scopes,
           OLD.networks, OLD.rate_limit_requests, OLD.rate_limit_seconds)
        IS DISTINCT FROM
          (NEW.user_id, NEW.expires_at, NEW.not_before, NEW.disabled_at, NEW.revoked_at, NEW.deleted_at, NEW.scopes,
           NEW.networks, NEW.rate_limit_requests, NEW.rate_limit_seconds))
    EXECUTE FUNCTION log_key_change();
ALTER FUNCTION log_user_change() RESET search_path;
ALTER FUNCTION log_key_change() RESET search_path;
