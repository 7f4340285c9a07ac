-- Locks nothing. Without these indexes, a search would read the whole table.
DO $$
DECLARE
    invalid text;
BEGIN
    SELECT string_agg(indexrelid::regclass::text, ', ') INTO invalid FROM pg_index
        WHERE indrelid = 'api_keys'::regclass AND NOT indisvalid;
    IF invalid IS NOT NULL THEN
        RAISE object_not_in_prerequisite_state USING
            MESSAGE = format('indexes are invalid, because their creation was interrupted: %s', invalid),
            HINT = 'Run REINDEX INDEX CONCURRENTLY for each, then migrate again.';
    END IF;
END
$$;
