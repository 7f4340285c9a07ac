DROP TRIGGER users_revoke_tokens_with_role ON users;
DROP FUNCTION revoke_tokens_with_role();
