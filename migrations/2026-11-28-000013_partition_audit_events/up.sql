-- Stores audit events in partitions by month, so that those of a month can be removed together. The role of a server cannot remove
-- events; it may call a function that removes old partitions.

-- What an event stores of a snapshot: the members that differ from the other snapshot. Booleans are always stored, because version
-- 0.1.0 requires them.
CREATE FUNCTION changed_members(snapshot jsonb, other jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_object_agg(key, value) FROM jsonb_each(snapshot)
    WHERE jsonb_typeof(value) = 'boolean' OR value IS DISTINCT FROM other -> key
$$;

-- A table for events that is no partition yet.
CREATE FUNCTION new_audit_partition(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- Ids are unique in all partitions, because only the sequence of audit_events assigns them.
    EXECUTE format('CREATE TABLE %I (LIKE audit_events INCLUDING ALL EXCLUDING IDENTITY, PRIMARY KEY (id))', name);
    -- Append-only, as audit_events itself.
    EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM CURRENT_USER, PUBLIC', name);
    EXECUTE format('CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
        FOR EACH STATEMENT EXECUTE FUNCTION forbid_mutation()', name);
END
$$;

-- The partitions of periods, with the begins and ends of those.
CREATE FUNCTION audit_partitions() RETURNS TABLE (name text, since timestamptz, until timestamptz) LANGUAGE sql STABLE AS $$
    SELECT c.relname,
        coalesce(substring(pg_get_expr(c.relpartbound, c.oid) FROM 'FROM \(''([^'']*)''\)')::timestamptz, '-infinity'),
        substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \(''(.*)''\)')::timestamptz
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = to_regclass('audit_events') AND pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
$$;

-- Creates the partitions of the next two months, if they are missing, and drops those whose events are all older than the
-- retention, which is at least 90 days; null keeps all events. Returns what was done, and what could not be.
--
-- Events of a month without a partition are in audit_events_default. When the partition is created they are moved there, unless
-- there are too many to copy while requests wait; then their month stays without a partition.
--
-- A caller can remove no event of the last 90 days. It takes ACCESS EXCLUSIVE locks on audit_events to drop
-- partitions and to move events, for the time of changing the catalog and of copying at most 10,000 events. It fails if it has to
-- wait for one.
CREATE FUNCTION maintain_audit_partitions(retention interval) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET lock_timeout = '50ms' SET TimeZone = 'UTC' AS $$
DECLARE
    max_moved CONSTANT integer := 10000;
    this_month CONSTANT timestamptz := date_trunc('month', now());
    last_month CONSTANT timestamptz := this_month + interval '2 months';
    -- Those that have no partition, from the end of the last partition or from now on.
    missing timestamptz[];
    -- Not after the newest event: if the clock is wrong, most events are not older than the retention.
    expired_before CONSTANT timestamptz := least(now(), (SELECT max(occurred_at) FROM audit_events)) - retention;
    month timestamptz;
    partition_name text;
    has_events boolean;
    strays bigint;
    moves boolean := false;
BEGIN
    -- Instants are compared, because intervals compare with months of 30 days but are subtracted with those of the calendar.
    IF now() - retention > now() - interval '90 days' THEN
        RAISE invalid_parameter_value USING MESSAGE = 'audit events are retained for at least 90 days';
    END IF;
    -- Only one node does it. The number is arbitrary, but no other program may use it.
    IF NOT pg_try_advisory_xact_lock(x'6c61746368617564'::bigint) THEN
        RETURN;
    END IF;

    SELECT array_agg(m ORDER BY m) INTO missing
        FROM (SELECT coalesce(max(until), this_month) AS first FROM audit_partitions() WHERE until <= this_month) p,
            generate_series(p.first, last_month, '1 month') m
        WHERE NOT EXISTS (SELECT FROM audit_partitions() p WHERE p.since <= m AND m < p.until);
    SELECT count(*) INTO strays FROM (SELECT FROM audit_events_default LIMIT max_moved + 1) s;
    IF strays > max_moved THEN
        RETURN NEXT format('left the events in audit_events_default: there are more than %s', max_moved);
    ELSE
        moves := EXISTS (SELECT FROM audit_events_default WHERE occurred_at < expired_before
            OR EXISTS (SELECT FROM unnest(missing) m WHERE occurred_at >= m AND occurred_at < m + interval '1 month'));
    END IF;
    IF moves THEN
        ALTER TABLE audit_events DETACH PARTITION audit_events_default;
        ALTER TABLE audit_events_default RENAME TO audit_events_moving;
        PERFORM new_audit_partition('audit_events_default');
    END IF;
    FOREACH month IN ARRAY coalesce(missing, '{}') LOOP
        partition_name := 'audit_events_' || to_char(month, 'YYYY_MM');
        IF NOT moves THEN
            SELECT EXISTS (SELECT FROM audit_events_default
                WHERE occurred_at >= month AND occurred_at < month + interval '1 month') INTO has_events;
            CONTINUE WHEN has_events;
        END IF;
        PERFORM new_audit_partition(partition_name);
        EXECUTE format('ALTER TABLE audit_events ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            partition_name, month, month + interval '1 month');
        RETURN NEXT format('created %s', partition_name);
    END LOOP;
    IF moves THEN
        ALTER TABLE audit_events ATTACH PARTITION audit_events_default DEFAULT;
        INSERT INTO audit_events OVERRIDING SYSTEM VALUE SELECT * FROM audit_events_moving m
            WHERE (m.occurred_at < expired_before) IS NOT TRUE;
        DROP TABLE audit_events_moving;
        RETURN NEXT 'moved events from audit_events_default';
    END IF;

    FOR partition_name IN SELECT name FROM audit_partitions() WHERE until <= expired_before ORDER BY until LOOP
        BEGIN
            EXECUTE format('DROP TABLE %I', partition_name);
            RETURN NEXT format('dropped %s', partition_name);
        EXCEPTION WHEN lock_not_available THEN
            RETURN NEXT format('did not drop %s yet: audit_events is in use', partition_name);
        END;
    END LOOP;
END
$$;
REVOKE EXECUTE ON FUNCTION new_audit_partition, audit_partitions, maintain_audit_partitions FROM PUBLIC;

-- The functions work in the schema of the tables. Temporary tables, which otherwise come first, are no part of it.
DO $$
DECLARE
    audit_schema text := (SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = 'audit_events'::regclass);
BEGIN
    EXECUTE format('ALTER FUNCTION new_audit_partition SET search_path = %I, pg_temp', audit_schema);
    EXECUTE format('ALTER FUNCTION maintain_audit_partitions SET search_path = %I, pg_temp', audit_schema);
END
$$;

-- Takes an ACCESS EXCLUSIVE lock on audit_events, for the time that it takes to change the catalog; no event is read or copied.
-- Requests queue behind a lock that is waited for, so each attempt to get it is short.
DO $$
BEGIN
    -- Together with the catalog changes, which take about 20 ms, it stays well below 100 ms.
    SET LOCAL lock_timeout = '20ms';
    FOR attempt IN 1..600 LOOP
        BEGIN
            -- LOCK TABLE needs privileges that even the owner lacks.
            ALTER TABLE audit_events RENAME TO audit_events_initial;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.1);
        END;
    END LOOP;
    RAISE lock_not_available USING MESSAGE = 'audit_events was locked by a long transaction for a minute';
END
$$;

DO $$
DECLARE
    bound text := (SELECT substring(pg_get_constraintdef(oid) FROM '''([^'']*)''') FROM pg_constraint
        WHERE conrelid = 'audit_events_initial'::regclass AND conname = 'audit_events_bound');
    next_id bigint;
    old_index record;
    old_grant record;
BEGIN
    EXECUTE format('SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END FROM %s',
        pg_get_serial_sequence('audit_events_initial', 'id')) INTO next_id;
    ALTER TABLE audit_events_initial ALTER COLUMN id DROP IDENTITY;
    CREATE TABLE audit_events (LIKE audit_events_initial INCLUDING ALL EXCLUDING INDEXES) PARTITION BY RANGE (occurred_at);
    ALTER TABLE audit_events DROP CONSTRAINT audit_events_bound;
    EXECUTE format('ALTER TABLE audit_events ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (START %s)', next_id);

    -- Each index of the table becomes the part of one that all partitions have, under the same name.
    FOR old_index IN
        SELECT c.relname AS name, i.indisprimary AS is_primary, split_part(pg_get_indexdef(c.oid), ' USING ', 2) AS definition
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = 'audit_events_initial'::regclass
    LOOP
        EXECUTE format('ALTER INDEX %I RENAME TO %I', old_index.name,
            replace(old_index.name, 'audit_events', 'audit_events_initial'));
        CONTINUE WHEN old_index.is_primary;
        EXECUTE format('CREATE INDEX %I ON ONLY audit_events USING %s', old_index.name, old_index.definition);
    END LOOP;
    EXECUTE format('ALTER TABLE audit_events ATTACH PARTITION audit_events_initial FOR VALUES FROM (MINVALUE) TO (%L)', bound);
    ALTER TABLE audit_events_initial DROP CONSTRAINT audit_events_bound;

    REVOKE UPDATE, DELETE, TRUNCATE ON audit_events FROM CURRENT_USER, PUBLIC;
    CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
        FOR EACH STATEMENT EXECUTE FUNCTION forbid_mutation();
    -- Roles of servers keep their privileges, now on all partitions together, and may call the function.
    FOR old_grant IN
        SELECT a.privilege_type AS privilege, CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END AS grantee
        FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = 'audit_events_initial'::regclass AND a.grantee <> c.relowner
    LOOP
        EXECUTE format('GRANT %s ON audit_events TO %s', old_grant.privilege, old_grant.grantee);
        EXECUTE format('REVOKE %s ON audit_events_initial FROM %s', old_grant.privilege, old_grant.grantee);
        IF old_grant.privilege = 'INSERT' THEN
            EXECUTE format('GRANT EXECUTE ON FUNCTION maintain_audit_partitions TO %s', old_grant.grantee);
        END IF;
    END LOOP;

    -- For events of all other times, so that none is lost.
    PERFORM new_audit_partition('audit_events_default');
    ALTER TABLE audit_events ATTACH PARTITION audit_events_default DEFAULT;
END
$$;
