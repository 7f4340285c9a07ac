-- Takes an ACCESS EXCLUSIVE lock on audit_events for the time that it takes to change the catalog: a constant default rewrites
-- nothing. Writes queue behind a lock that is waited for, so each attempt to get it is short.
DO $$
BEGIN
    SET LOCAL lock_timeout = '20ms';
    FOR attempt IN 1..600 LOOP
        BEGIN
            ALTER TABLE audit_events
                -- The project of the subject; null for users and for what concerns the instance. Servers of version 0.1.0 know only
                -- the default project.
                ADD COLUMN project_id bigint DEFAULT 1,
                -- Whom the subject belongs to, or is.
                ADD COLUMN principal_id bigint,
                -- Who minted the owner token with which it was done.
                ADD COLUMN minted_by bigint;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.1);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'audit_events was locked by a long transaction for a minute';
END
$$;
