DROP INDEX IF EXISTS api_keys_project_id_id_idx;
