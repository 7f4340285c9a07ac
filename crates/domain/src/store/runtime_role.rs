//! The privileges of the database role that a server connects as, if it is another one than the role that migrates and so owns
//! the tables. It reads and writes rows as the statements of the store need, and cannot change what makes the database
//! trustworthy: recorded audit events, triggers, constraints, functions, names and privileges.

use diesel::{OptionalExtension, QueryableByName, sql_query, sql_types::Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

use super::{ConnectionConfig, StoreError};

/// What a server does with each table. `SELECT … FOR UPDATE`, with which rows are purged, requires `UPDATE`. Identity columns
/// require no privilege on their sequences, foreign keys and triggers none on their functions and tables.
///
/// In tables with generated ids, the columns are named. Who may insert an id can take those of the next rows, and then every
/// statement that adds a row fails.
const TABLES: [(&str, &str); 13] = [
    ("__diesel_schema_migrations", "SELECT"),
    (
        "api_keys",
        "SELECT, UPDATE, INSERT (user_id, pepper, hash, key_prefix, description, created_at, expires_at, not_before, \
         disabled_at, revoked_at, deleted_at, version, revocation_reason, scopes, networks, rate_limit_requests, \
         rate_limit_seconds, predecessor_id, successor_id, project_id, metadata, managed)",
    ),
    (
        "audit_events",
        "SELECT, INSERT (occurred_at, action, subject_type, subject_id, key_id, actor_user_id, actor_key_id, \
         credential_type, client_ip, before, after, operation, project_id, principal_id, minted_by)",
    ),
    ("change_log", "SELECT, INSERT (key_id, user_id, project_id), UPDATE, DELETE"),
    ("idempotency_keys", "SELECT, INSERT, UPDATE, DELETE"),
    ("key_usage", "SELECT, INSERT, UPDATE"),
    ("known_logins", "SELECT, INSERT, UPDATE, DELETE"),
    // Servers of version 0.1.0 may run with the role, too.
    ("login_attempts", "SELECT, INSERT, UPDATE, DELETE"),
    ("login_counters", "SELECT, INSERT, UPDATE, DELETE"),
    ("members", "SELECT, INSERT, UPDATE, DELETE"),
    (
        "principals",
        "SELECT, INSERT (kind, project_id, name, external_id, display_name, metadata, password_hash, is_administrator, \
         disabled_at, created_at), UPDATE (external_id, display_name, metadata, password_hash, is_administrator, disabled_at, \
         token_generation)",
    ),
    (
        "projects",
        "SELECT, INSERT (slug, key_prefix, default_scopes, default_networks, default_rate_limit_requests, \
         default_rate_limit_seconds, default_lifetime_seconds, max_lifetime_seconds, allowed_origins, version, disabled_at, \
         created_at), UPDATE (key_prefix, default_scopes, default_networks, default_rate_limit_requests, \
         default_rate_limit_seconds, default_lifetime_seconds, max_lifetime_seconds, allowed_origins, version, disabled_at)",
    ),
    // A view for servers of version 0.1.0.
    ("users", "SELECT"),
];
const FUNCTIONS: [&str; 3] =
    ["api_key_snapshot(api_keys)", "changed_members(jsonb, jsonb)", "maintain_audit_partitions(interval)"];

/// Quoted for SQL, as everything that is not known before.
const FIND_ROLE: &str = "
    SELECT quote_ident(r.rolname) AS role, t.relnamespace::regnamespace::text AS schema,
        CASE
            WHEN EXISTS (SELECT FROM pg_roles s WHERE s.rolsuper AND pg_has_role(r.oid, s.oid, 'MEMBER'))
                THEN 'is a superuser'
            WHEN pg_has_role(r.oid, t.relowner, 'MEMBER') THEN 'owns the tables'
            WHEN r.rolcreaterole THEN 'may create roles'
            WHEN has_table_privilege(r.oid, 'audit_events', 'UPDATE, DELETE, TRUNCATE, TRIGGER')
                THEN 'has further privileges on audit_events'
            WHEN has_schema_privilege(r.oid, t.relnamespace, 'CREATE') THEN 'may create objects in the schema'
            ELSE ''
        END AS too_powerful
    FROM pg_roles r, pg_class t
    WHERE r.rolname = $1 AND t.oid = 'principals'::regclass";

/// Why a role was not granted the privileges of a server.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// There is no such role.
    #[error("there is no database role of this name; create it first: CREATE ROLE name LOGIN PASSWORD '…'")]
    NoRole,
    /// The role can do more than a server needs, whatever is granted.
    #[error(
        "the database role {0}, so it could do more than a server needs; name another role, or revoke this \
         (before Postgres 15: REVOKE CREATE ON SCHEMA public FROM PUBLIC)"
    )]
    TooPowerful(String),
    /// A statement failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(QueryableByName)]
struct FoundRole {
    #[diesel(sql_type = Text)]
    role: String,
    #[diesel(sql_type = Text)]
    schema: String,
    #[diesel(sql_type = Text)]
    too_powerful: String,
}

/// Grants an existing role what a server needs on a migrated database, and nothing else. What it has already does no harm, except
/// `INSERT` on whole tables, which is taken back.
pub async fn grant(config: &ConnectionConfig, role: &str) -> Result<(), GrantError> {
    let mut connection = config.connect().await.map_err(StoreError::unavailable)?;
    let FoundRole { role, schema, too_powerful } = find(&mut connection, role).await?.ok_or(GrantError::NoRole)?;
    if !too_powerful.is_empty() {
        return Err(GrantError::TooPowerful(too_powerful));
    }
    let mut grants = vec![format!("GRANT USAGE ON SCHEMA {schema} TO {role}")];
    grants.extend(TABLES.map(|(table, privileges)| {
        format!("REVOKE INSERT ON {table} FROM {role}; GRANT {privileges} ON {table} TO {role}")
    }));
    grants.extend(FUNCTIONS.map(|function| format!("GRANT EXECUTE ON FUNCTION {function} TO {role}")));
    // Together they are one transaction, so that a server that runs lacks none for a moment.
    Ok(connection.batch_execute(&grants.join("; ")).await.map_err(StoreError::from)?)
}

async fn find(connection: &mut AsyncPgConnection, role: &str) -> Result<Option<FoundRole>, StoreError> {
    Ok(sql_query(FIND_ROLE).bind::<Text, _>(role).get_result(connection).await.optional()?)
}
