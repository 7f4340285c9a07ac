-- Copies all events into one table, under an ACCESS EXCLUSIVE lock.
ALTER TABLE audit_events RENAME TO audit_events_partitioned;
DROP FUNCTION maintain_audit_partitions;
DROP FUNCTION audit_partitions;
DO $$
DECLARE
    next_id bigint;
    old_index record;
    old_grant record;
    indexes text[];
    grants text[];
    definition text;
BEGIN
    EXECUTE format('SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END FROM %s',
        pg_get_serial_sequence('audit_events_partitioned', 'id')) INTO next_id;
    SELECT array_agg(format('CREATE INDEX %I ON audit_events USING %s', c.relname, split_part(pg_get_indexdef(c.oid), ' USING ', 2)))
        INTO indexes FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = 'audit_events_partitioned'::regclass;
    SELECT array_agg(format('GRANT %s ON audit_events TO %s', a.privilege_type,
            CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END))
        INTO grants FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = 'audit_events_partitioned'::regclass AND a.grantee <> c.relowner;
    CREATE TABLE audit_events_single (LIKE audit_events_partitioned INCLUDING ALL EXCLUDING INDEXES EXCLUDING IDENTITY);
    INSERT INTO audit_events_single SELECT * FROM audit_events_partitioned;
    DROP TABLE audit_events_partitioned;
    ALTER TABLE audit_events_single RENAME TO audit_events;
    ALTER TABLE audit_events ADD CONSTRAINT audit_events_pkey PRIMARY KEY (id);
    EXECUTE format('ALTER TABLE audit_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (START %s)', next_id);
    FOREACH definition IN ARRAY indexes || coalesce(grants, '{}') LOOP
        EXECUTE definition;
    END LOOP;
END
$$;
DROP FUNCTION new_audit_partition;
DROP FUNCTION changed_members;
REVOKE UPDATE, DELETE, TRUNCATE ON audit_events FROM CURRENT_USER, PUBLIC;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_mutation();
