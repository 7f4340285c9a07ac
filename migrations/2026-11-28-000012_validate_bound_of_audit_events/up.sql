-- Reads the table once, under a SHARE UPDATE EXCLUSIVE lock, which blocks neither reads nor writes.
ALTER TABLE audit_events VALIDATE CONSTRAINT audit_events_bound;
