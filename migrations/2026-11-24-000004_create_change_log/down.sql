DROP TRIGGER users_log_removal ON users;
DROP TRIGGER users_log_change ON users;
DROP TRIGGER api_keys_log_removal ON api_keys;
DROP TRIGGER api_keys_log_change ON api_keys;
DROP FUNCTION log_user_change();
DROP FUNCTION log_key_change();
DROP TABLE change_log;
