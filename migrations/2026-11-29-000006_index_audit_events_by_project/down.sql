DROP INDEX IF EXISTS audit_events_initial_project_id_idx;
