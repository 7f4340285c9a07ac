ALTER TABLE audit_events DROP COLUMN project_id, DROP COLUMN principal_id, DROP COLUMN minted_by;
