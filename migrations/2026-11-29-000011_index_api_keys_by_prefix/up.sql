-- For searches by how keys begin. Blocks neither reads nor writes.
CREATE INDEX CONCURRENTLY IF NOT EXISTS api_keys_project_id_key_prefix_id_idx
    ON api_keys (project_id, key_prefix COLLATE "C", id DESC) WHERE deleted_at IS NULL;
