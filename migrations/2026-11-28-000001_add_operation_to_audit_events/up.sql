-- Takes an ACCESS EXCLUSIVE lock on audit_events for the time that it takes to change the catalog: a column without a default
-- rewrites nothing. Writes queue behind a lock that is waited for, so each attempt to get it is short.
DO $$
BEGIN
    SET LOCAL lock_timeout = '50ms';
    FOR attempt IN 1..600 LOOP
        BEGIN
            -- The operation that was denied. Servers of version 0.1.0 neither read nor write it.
            ALTER TABLE audit_events ADD COLUMN operation text;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.1);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'audit_events was locked by a long transaction for a minute';
END
$$;
