-- Of a deleted owner, only the id remains. Takes an ACCESS EXCLUSIVE lock on principals, for the time that it takes to change the
-- catalog; the next migration validates the constraint. Requests queue behind a lock that is waited for, so each attempt to get
-- it is short.
DO $$
BEGIN
    SET LOCAL lock_timeout = '20ms';
    FOR attempt IN 1..600 LOOP
        BEGIN
            LOCK TABLE principals IN ACCESS EXCLUSIVE MODE;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.1);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'principals was locked by a long transaction for a minute';
END
$$;

ALTER TABLE principals
    DROP CONSTRAINT principals_by_kind,
    ADD CONSTRAINT principals_by_kind CHECK (CASE kind
        WHEN 'user' THEN project_id = 1 AND name IS NOT NULL AND external_id IS NULL
        WHEN 'service_account' THEN name IS NOT NULL AND external_id IS NULL AND password_hash IS NULL
            AND NOT is_administrator
        ELSE name IS NULL AND password_hash IS NULL AND NOT is_administrator
            AND (external_id IS NOT NULL OR disabled_at IS NOT NULL AND display_name IS NULL AND metadata = '{}') END) NOT VALID;
