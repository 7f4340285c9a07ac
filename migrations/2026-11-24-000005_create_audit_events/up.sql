-- Locks no existing table.
CREATE TABLE audit_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    occurred_at timestamptz NOT NULL,
    -- Which actions there are is decided by the program: an older version must be able to read what a newer one wrote.
    action text NOT NULL,
    -- What it was done to. No foreign keys: an event outlives the rows that it refers to.
    subject_type text NOT NULL,
    subject_id bigint,
    key_id bigint,
    actor_user_id bigint,
    actor_key_id bigint,
    credential_type text NOT NULL,
    client_ip inet,
    before jsonb CHECK ((before IS NULL) = (action = 'create')),
    after jsonb NOT NULL,
    CONSTRAINT audit_events_key_is_subject
        CHECK ((subject_type = 'api_key') = (key_id IS NOT NULL) AND (key_id IS NULL OR key_id IS NOT DISTINCT FROM subject_id))
);

-- For the filters of the list, newest first.
CREATE INDEX audit_events_occurred_at_id_idx ON audit_events (occurred_at DESC, id DESC);
CREATE INDEX audit_events_key_id_idx ON audit_events (key_id, occurred_at DESC, id DESC);
CREATE INDEX audit_events_actor_user_id_idx ON audit_events (actor_user_id, occurred_at DESC, id DESC);
CREATE INDEX audit_events_actor_user_id_action_idx ON audit_events (actor_user_id, action, occurred_at DESC, id DESC);
CREATE INDEX audit_events_action_idx ON audit_events (action, occurred_at DESC, id DESC);

-- Append-only: the table's owner loses the right to change it, and the trigger also stops superusers.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_events FROM CURRENT_USER, PUBLIC;
CREATE FUNCTION forbid_mutation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = 'audit events are append-only';
END
$$;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_mutation();
