-- Events are stored in partitions, one for each month. The table as it is becomes the first of them, for everything before a month
-- that lies ahead. This constraint says so; once it is validated, the table can be attached without being read.
--
-- Takes an ACCESS EXCLUSIVE lock on audit_events, for the time that it takes to change the catalog. Requests queue behind a lock
-- that is waited for, so each attempt to get it is short.
DO $$
DECLARE
    -- More than a month ahead of every event, also of those with a wrong time.
    latest CONSTANT timestamptz := greatest(now(), (SELECT max(occurred_at) FROM audit_events));
    first_month CONSTANT timestamptz :=
        (date_trunc('month', latest AT TIME ZONE 'UTC') + interval '2 months') AT TIME ZONE 'UTC';
BEGIN
    SET LOCAL lock_timeout = '50ms';
    SET LOCAL TimeZone = 'UTC';
    FOR attempt IN 1..600 LOOP
        BEGIN
            EXECUTE format('ALTER TABLE audit_events ADD CONSTRAINT audit_events_bound CHECK (occurred_at < %L) NOT VALID',
                first_month);
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.1);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'audit_events was locked by a long transaction for a minute';
END
$$;
