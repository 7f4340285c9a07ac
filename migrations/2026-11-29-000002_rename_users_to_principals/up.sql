-- Users become principals: whoever a key or token belongs to, which is a user, a service account or an owner. Roles belong to
-- projects. Version 0.1.0 goes on working with users by a view of their table.

-- What a principal does in a project. Locks no existing table.
CREATE TABLE members (
    principal_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind <> 'owner'),
    project_id bigint NOT NULL REFERENCES projects (id),
    role text NOT NULL CHECK (role IN ('admin', 'manager', 'auditor', 'verifier')),
    PRIMARY KEY (principal_id, project_id)
);

CREATE INDEX members_project_id_idx ON members (project_id, principal_id);

-- A principal is logged when its own row changes and when its membership does; a project with each change.
CREATE FUNCTION log_member_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change_log (user_id) VALUES (coalesce(NEW.principal_id, OLD.principal_id));
    NOTIFY latchkey_changes;
    RETURN NULL;
END
$$;
CREATE FUNCTION log_project_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO change_log (project_id) VALUES (OLD.id);
    NOTIFY latchkey_changes;
    RETURN NULL;
END
$$;
CREATE TRIGGER members_log_change AFTER INSERT OR UPDATE OR DELETE ON members FOR EACH ROW
    EXECUTE FUNCTION log_member_change();
CREATE TRIGGER projects_log_change AFTER UPDATE OR DELETE ON projects FOR EACH ROW
    EXECUTE FUNCTION log_project_change();
ALTER TABLE members ENABLE ALWAYS TRIGGER members_log_change;
ALTER TABLE projects ENABLE ALWAYS TRIGGER projects_log_change;

-- Version 0.1.0 creates users by the view. It knows their roles of the default project.
CREATE FUNCTION insert_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO principals (name, password_hash, is_administrator, created_at)
        VALUES (NEW.name, NEW.password_hash, NEW.role = 'admin', NEW.created_at) RETURNING id INTO NEW.id;
    IF NEW.role = 'verifier' THEN
        INSERT INTO members (principal_id, kind, project_id, role) VALUES (NEW.id, 'user', 1, 'verifier');
    END IF;
    RETURN NEW;
END
$$;

DO $$
DECLARE
    log_schema text := (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = 'change_log'::regclass);
BEGIN
    EXECUTE format('ALTER FUNCTION log_member_change() SET search_path = %I, pg_temp', log_schema);
    EXECUTE format('ALTER FUNCTION log_project_change() SET search_path = %I, pg_temp', log_schema);
    EXECUTE format('ALTER FUNCTION insert_user() SET search_path = %I, pg_temp', log_schema);
END
$$;

-- Takes ACCESS EXCLUSIVE locks on users and change_log, for the time that it takes to change the catalog and to index the users.
-- Requests queue behind a lock that is waited for, so each attempt to get it is short.
DO $$
BEGIN
    SET LOCAL lock_timeout = '20ms';
    FOR attempt IN 1..600 LOOP
        BEGIN
            LOCK TABLE users, change_log IN ACCESS EXCLUSIVE MODE;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.1);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'users or change_log were locked by a long transaction for a minute';
END
$$;

-- The log is short, but it need not be read: all entries that exist name one subject.
ALTER TABLE change_log
    ADD COLUMN project_id bigint,
    DROP CONSTRAINT change_log_one_subject,
    ADD CONSTRAINT change_log_one_subject CHECK (num_nonnulls(key_id, user_id, project_id) = 1) NOT VALID;

DROP TRIGGER users_log_change ON users;
DROP TRIGGER users_revoke_tokens_with_role ON users;
DROP FUNCTION revoke_tokens_with_role();
ALTER TRIGGER users_log_removal ON users RENAME TO principals_log_removal;
INSERT INTO members (principal_id, kind, project_id, role)
    SELECT id, 'user', 1, 'verifier' FROM users WHERE role = 'verifier';
ALTER TABLE users RENAME TO principals;
ALTER TABLE principals
    ADD COLUMN kind text NOT NULL DEFAULT 'user' CHECK (kind IN ('user', 'service_account', 'owner')),
    ADD COLUMN project_id bigint NOT NULL DEFAULT 1 CONSTRAINT principals_project_id_fkey REFERENCES projects (id),
    -- The owner's id in the deployer's system, byte for byte.
    ADD COLUMN external_id text COLLATE "C" CHECK (char_length(external_id) BETWEEN 1 AND 255 AND external_id !~ '[[:cntrl:]]'),
    ADD COLUMN display_name text CHECK (char_length(display_name) <= 255),
    ADD COLUMN metadata jsonb NOT NULL DEFAULT '{}'
        CHECK (jsonb_typeof(metadata) = 'object' AND NOT jsonb_path_exists(metadata, 'strict $.* ? (@.type() <> "string")')),
    ADD COLUMN is_administrator boolean NOT NULL DEFAULT false,
    ALTER COLUMN name DROP NOT NULL,
    ALTER COLUMN password_hash DROP NOT NULL;
UPDATE principals SET is_administrator = true WHERE role = 'admin';
ALTER TABLE principals
    DROP COLUMN role,
    DROP CONSTRAINT users_name_key,
    -- So that the database itself forbids an owner's role, and a key outside the project of its principal.
    ADD CONSTRAINT principals_id_project_id_key UNIQUE (id, project_id),
    ADD CONSTRAINT principals_id_kind_key UNIQUE (id, kind),
    ADD CONSTRAINT principals_by_kind CHECK (CASE kind
        WHEN 'user' THEN project_id = 1 AND name IS NOT NULL AND external_id IS NULL
        WHEN 'service_account' THEN name IS NOT NULL AND external_id IS NULL AND password_hash IS NULL
            AND NOT is_administrator
        ELSE external_id IS NOT NULL AND name IS NULL AND password_hash IS NULL AND NOT is_administrator END);
-- Version 0.1.0 knows the name of this constraint.
CREATE UNIQUE INDEX users_name_key ON principals (name) WHERE kind = 'user';
CREATE UNIQUE INDEX principals_service_account_name_key ON principals (project_id, name) WHERE kind = 'service_account';
CREATE UNIQUE INDEX principals_external_id_key ON principals (project_id, external_id);
ALTER TABLE members ADD CONSTRAINT members_principal_id_kind_fkey
    FOREIGN KEY (principal_id, kind) REFERENCES principals (id, kind);

CREATE TRIGGER principals_log_change AFTER UPDATE ON principals FOR EACH ROW
    WHEN ((OLD.name, OLD.external_id, OLD.metadata, OLD.is_administrator, OLD.token_generation, OLD.disabled_at)
        IS DISTINCT FROM
          (NEW.name, NEW.external_id, NEW.metadata, NEW.is_administrator, NEW.token_generation, NEW.disabled_at))
    EXECUTE FUNCTION log_user_change();
ALTER TABLE principals ENABLE ALWAYS TRIGGER principals_log_change, ENABLE ALWAYS TRIGGER principals_log_removal;

CREATE VIEW users AS
    SELECT id, name,
        CASE WHEN is_administrator THEN 'admin'
            WHEN EXISTS (SELECT FROM members m WHERE m.principal_id = p.id AND m.project_id = 1 AND m.role = 'verifier')
                THEN 'verifier'
            ELSE 'member' END AS role,
        password_hash, token_generation, disabled_at, created_at
    FROM principals p WHERE kind = 'user';
ALTER VIEW users ALTER COLUMN token_generation SET DEFAULT 1;
CREATE TRIGGER users_insert INSTEAD OF INSERT ON users FOR EACH ROW EXECUTE FUNCTION insert_user();

-- Roles of servers of version 0.1.0 keep their privileges.
DO $$
DECLARE
    old_grant record;
BEGIN
    FOR old_grant IN
        SELECT a.privilege_type AS privilege, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END AS grantee
        FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = 'principals'::regclass AND a.grantee <> c.relowner
    LOOP
        EXECUTE format('GRANT %s ON users TO %s', old_grant.privilege, old_grant.grantee);
        IF old_grant.privilege = 'SELECT' THEN
            EXECUTE format('GRANT SELECT ON members, projects TO %s', old_grant.grantee);
        END IF;
    END LOOP;
END
$$;
