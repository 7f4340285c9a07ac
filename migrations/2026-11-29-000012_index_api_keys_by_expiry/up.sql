-- For searches by the expiry. Keys without one are in no such search. Blocks neither reads nor writes.
CREATE INDEX CONCURRENTLY IF NOT EXISTS api_keys_project_id_expires_at_id_idx
    ON api_keys (project_id, expires_at, id) WHERE deleted_at IS NULL AND expires_at IS NOT NULL;
