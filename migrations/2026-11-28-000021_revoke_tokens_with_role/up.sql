-- Another role is another set of scopes, and bearer tokens carry the scopes of the role that they were issued under: a change of role
-- revokes them, also one made with SQL. A trigger does it, so that no statement can omit it.
CREATE FUNCTION revoke_tokens_with_role() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.token_generation := OLD.token_generation + 1;
    RETURN NEW;
END
$$;

-- Takes a SHARE ROW EXCLUSIVE lock on users, which blocks writes but not reads, for the time that it takes to change the catalog.
-- Writes queue behind a lock that is waited for, so each attempt to get it is short.
DO $$
BEGIN
    SET LOCAL lock_timeout = '50ms';
    FOR attempt IN 1..600 LOOP
        BEGIN
            LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.1);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'users was locked by a long transaction for a minute';
END
$$;

-- What logical replication applies has the generation of its origin.
CREATE TRIGGER users_revoke_tokens_with_role BEFORE UPDATE ON users FOR EACH ROW
    WHEN (OLD.role IS DISTINCT FROM NEW.role AND OLD.token_generation = NEW.token_generation)
    EXECUTE FUNCTION revoke_tokens_with_role();
ALTER TABLE users ENABLE ALWAYS TRIGGER users_revoke_tokens_with_role;
