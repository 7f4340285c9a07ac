DROP TABLE audit_events;
DROP FUNCTION forbid_mutation();
