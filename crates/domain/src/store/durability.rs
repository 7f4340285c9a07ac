//! What is acknowledged is durable, whatever `synchronous_commit` the server, the role or the session has.

/// Raises `synchronous_commit` for the transaction of a statement that has this in its `RETURNING`, which Postgres evaluates for
/// each row that is written and never skips. It takes no round trip, and neither a default nor a pooler can undo it. Nothing is
/// lowered: only `remote_apply` is more than `on`.
pub(super) const ENSURE_DURABLE: &str = "set_config('synchronous_commit', \
    CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true)";
