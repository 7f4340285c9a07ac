-- Reads api_keys, under a SHARE UPDATE EXCLUSIVE lock, which blocks neither reads nor writes.
ALTER TABLE api_keys
    VALIDATE CONSTRAINT api_keys_metadata_check,
    VALIDATE CONSTRAINT api_keys_key_prefix_length_check,
    VALIDATE CONSTRAINT api_keys_user_id_project_id_fkey;

-- Drops the foreign key that the new one includes. Takes ACCESS EXCLUSIVE locks on principals and api_keys, for the time that it
-- takes to change the catalog. Requests queue behind a lock that is waited for, so each attempt to get it is short.
DO $$
BEGIN
    SET LOCAL lock_timeout = '20ms';
    FOR attempt IN 1..600 LOOP
        BEGIN
            LOCK TABLE principals, api_keys IN ACCESS EXCLUSIVE MODE;
            ALTER TABLE api_keys DROP CONSTRAINT api_keys_user_id_fkey;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.1);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'principals or api_keys were locked by a long transaction for a minute';
END
$$;
