-- Locks no existing table.
CREATE TABLE audit_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    occurred_at timestamptz NOT NULL,
    action text NOT NULL CHECK (action IN
        ('create', 'update', 'set_policy', 'disable', 'enable', 'revoke', 'rotate', 'delete')),
    -- No foreign keys: an event outlives the rows that it refers to.
    key_id bigint NOT NULL,
    actor_user_id bigint NOT NULL,
    actor_key_id bigint,
    credential_type text NOT NULL CHECK (credential_type IN ('bearer_token', 'api_key', 'key_holder')),
    client_ip inet,
    before jsonb CHECK ((before IS NULL) = (action = 'create')),
    after jsonb NOT NULL
);

-- For the filters of the list, newest first.
CREATE INDEX audit_events_key_id_id_idx ON audit_events (key_id, id DESC);
CREATE INDEX audit_events_actor_user_id_id_idx ON audit_events (actor_user_id, id DESC);
CREATE INDEX audit_events_actor_user_id_action_id_idx ON audit_events (actor_user_id, action, id DESC);
CREATE INDEX audit_events_action_id_idx ON audit_events (action, id DESC);

-- Append-only: the table's owner loses the right to change it, and the trigger also stops superusers.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_events FROM CURRENT_USER, PUBLIC;
CREATE FUNCTION forbid_mutation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = 'audit events are append-only';
END
$$;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_mutation();
