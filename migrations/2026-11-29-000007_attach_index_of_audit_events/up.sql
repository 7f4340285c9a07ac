-- The index of all partitions. That of the first one exists; the others are new and have few events. Takes SHARE locks on
-- audit_events and those partitions, which block writes but not reads. Writes queue behind a lock that is waited for, so each
-- attempt to get it is short.
DO $$
DECLARE
    partition_name text;
BEGIN
    IF NOT (SELECT indisvalid FROM pg_index WHERE indexrelid = 'audit_events_initial_project_id_idx'::regclass) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = 'the index audit_events_initial_project_id_idx is invalid, because its creation was interrupted',
            HINT = 'Run REINDEX INDEX CONCURRENTLY audit_events_initial_project_id_idx, then migrate again.';
    END IF;
    SET LOCAL lock_timeout = '20ms';
    FOR attempt IN 1..600 LOOP
        BEGIN
            CREATE INDEX audit_events_project_id_idx ON ONLY audit_events (project_id, occurred_at DESC, id DESC);
            FOR partition_name IN
                SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                WHERE i.inhparent = 'audit_events'::regclass
            LOOP
                IF partition_name <> 'audit_events_initial' THEN
                    EXECUTE format('CREATE INDEX %I ON %I (project_id, occurred_at DESC, id DESC)',
                        partition_name || '_project_id_idx', partition_name);
                END IF;
                EXECUTE format('ALTER INDEX audit_events_project_id_idx ATTACH PARTITION %I',
                    partition_name || '_project_id_idx');
            END LOOP;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.1);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'audit_events was locked by a long transaction for a minute';
END
$$;
