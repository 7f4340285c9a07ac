-- Locks nothing. Without the index, looking for the names that are known in a network would read the whole table.
DO $$
BEGIN
    IF NOT (SELECT indisvalid FROM pg_index WHERE indexrelid = 'known_logins_network_idx'::regclass) THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = 'the index known_logins_network_idx is invalid, because its creation was interrupted',
            HINT = 'Run REINDEX INDEX CONCURRENTLY known_logins_network_idx, then migrate again.';
    END IF;
END
$$;
