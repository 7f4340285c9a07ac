-- Deletes service accounts and owners, which version 0.1.0 does not know, and all roles but `admin` and `verifier` of the default
-- project.
DROP VIEW users;
DROP FUNCTION insert_user();
DROP TRIGGER principals_log_change ON principals;
ALTER TABLE principals ADD COLUMN role text CONSTRAINT users_role_check CHECK (role IN ('admin', 'verifier', 'member'));
UPDATE principals p SET role = CASE WHEN is_administrator THEN 'admin'
    WHEN EXISTS (SELECT FROM members m WHERE m.principal_id = p.id AND m.project_id = 1 AND m.role = 'verifier') THEN 'verifier'
    ELSE 'member' END;
DROP TABLE members;
DROP FUNCTION log_member_change();
DELETE FROM principals WHERE kind <> 'user';
DROP INDEX users_name_key;
ALTER TABLE principals
    ALTER COLUMN role SET NOT NULL,
    DROP CONSTRAINT principals_by_kind,
    DROP CONSTRAINT principals_id_project_id_key,
    DROP CONSTRAINT principals_id_kind_key,
    DROP COLUMN kind, DROP COLUMN project_id, DROP COLUMN external_id, DROP COLUMN display_name, DROP COLUMN metadata,
    DROP COLUMN is_administrator,
    ALTER COLUMN name SET NOT NULL,
    ALTER COLUMN password_hash SET NOT NULL,
    ADD CONSTRAINT users_name_key UNIQUE (name);
ALTER TABLE principals RENAME TO users;
ALTER TRIGGER principals_log_removal ON users RENAME TO users_log_removal;
CREATE TRIGGER users_log_change AFTER UPDATE ON users FOR EACH ROW
    WHEN ((OLD.name, OLD.role, OLD.token_generation, OLD.disabled_at)
        IS DISTINCT FROM (NEW.name, NEW.role, NEW.token_generation, NEW.disabled_at))
    EXECUTE FUNCTION log_user_change();
CREATE FUNCTION revoke_tokens_with_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.token_generation := OLD.token_generation + 1;
    RETURN NEW;
END
$$;
CREATE TRIGGER users_revoke_tokens_with_role BEFORE UPDATE ON users FOR EACH ROW
    WHEN (OLD.role IS DISTINCT FROM NEW.role AND OLD.token_generation = NEW.token_generation)
    EXECUTE FUNCTION revoke_tokens_with_role();
ALTER TABLE users ENABLE ALWAYS TRIGGER users_log_change, ENABLE ALWAYS TRIGGER users_revoke_tokens_with_role;
DROP TRIGGER projects_log_change ON projects;
DROP FUNCTION log_project_change();
DELETE FROM change_log WHERE project_id IS NOT NULL;
ALTER TABLE change_log
    DROP CONSTRAINT change_log_one_subject,
    DROP COLUMN project_id,
    ADD CONSTRAINT change_log_one_subject CHECK (num_nonnulls(key_id, user_id) = 1);
