-- For the list of a project's events, in the partition that has all events from before there were partitions. Blocks neither reads
-- nor writes.
CREATE INDEX CONCURRENTLY audit_events_initial_project_id_idx
    ON audit_events_initial (project_id, occurred_at DESC, id DESC);
