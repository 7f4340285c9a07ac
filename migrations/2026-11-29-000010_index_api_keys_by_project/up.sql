-- For searches in a project, newest first. Blocks neither reads nor writes.
CREATE INDEX CONCURRENTLY IF NOT EXISTS api_keys_project_id_id_idx ON api_keys (project_id, id DESC) WHERE deleted_at IS NULL;
