-- For the list of a project's events, in the partition that has all events from before there were partitions. Blocks neither reads
-- nor writes. One that was interrupted leaves an invalid index, which the next migration detects.
CREATE INDEX CONCURRENTLY IF NOT EXISTS audit_events_initial_project_id_idx
    ON audit_events_initial (project_id, occurred_at DESC, id DESC);
