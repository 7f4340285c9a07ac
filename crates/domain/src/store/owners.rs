//! Statements on owners. Each of them carries the condition that the caller may do it in the project.

use chrono::{DateTime, Utc};
use diesel::{
    OptionalExtension, QueryResult,
    sql_types::{BigInt, Bool, Jsonb, Nullable, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use serde_json::json;

use super::{
    Store, StoreError,
    active_caller::AUDIT_CALLER_COLUMNS,
    durability::ENSURE_DURABLE,
    freshness::Subject,
    principals::PRINCIPAL_EVENT_COLUMNS,
    project_access::ProjectAccess,
    projects::{PROJECT_COLUMNS, ProjectRow, ProjectTypes, project},
    rows::metadata,
    sql::{Sql, SqlOut, Statement, unknown},
};
use crate::model::{Caller, Owner, OwnerChange, Project, Scope};

type OwnerTypes = (BigInt, Text, Nullable<Text>, Jsonb, Bool, Timestamptz);
type OwnerRow = (i64, String, Option<String>, serde_json::Value, bool, DateTime<Utc>);

/// The columns of an [`OwnerRow`], of a principal `o`.
const OWNER_COLUMNS: &str = "o.id, o.external_id, o.display_name, o.metadata, o.disabled_at IS NOT NULL, o.created_at";

/// The most keys of a deleted owner that one statement erases.
pub const ERASURE_BATCH: usize = 1_000;

type TokenOwnerRow = (i64, i64, bool);

/// What a token of an owner is made of.
pub struct TokenOwner {
    /// The id of the owner.
    pub id: i64,
    /// The generation of its tokens.
    pub token_generation: i64,
    /// Whether it is disabled.
    pub disabled: bool,
}

impl Store {
    /// Creates the owner of an external id, or changes it, and returns it with whether it is new. `None` if the caller may not, or
    /// another creates the owner at the same time.
    #[tracing::instrument(name = "store.upsert_owner", level = "debug", skip_all)]
    pub async fn upsert_owner(
        &self,
        caller: &Caller,
        now: DateTime<Utc>,
        slug: &str,
        change: &OwnerChange,
    ) -> Result<Option<(Owner, bool)>, StoreError> {
        let statement = UpsertOwner {
            access: ProjectAccess::new(caller, now, slug, Scope::OwnersWrite),
            now,
            external_id: &change.external_id,
            sets_display_name: change.display_name.is_some(),
            display_name: change.display_name.as_ref().and_then(Option::as_deref),
            metadata: change.metadata.as_ref().map(|metadata| json!(metadata)),
            disabled: change.disabled,
        };
        // All rows are loaded, see `keys::write`.
        let rows: Vec<(OwnerRow, bool, bool)> = Sql(statement).load(&mut *self.write_connection().await?).await?;
        let Some((row, is_new, is_changed)) = rows.into_iter().next() else { return Ok(None) };
        let owner = owner(row)?;
        if is_changed {
            self.freshness().invalidate([Subject::Principal(owner.id)]);
        }
        Ok(Some((owner, is_new)))
    }

    /// The owner of this id; `None` if there is none in the project, or the caller may not read it.
    #[tracing::instrument(name = "store.find_owner", level = "debug", skip_all)]
    pub async fn find_owner(
        &self,
        caller: &Caller,
        now: DateTime<Utc>,
        slug: &str,
        id: i64,
    ) -> Result<Option<Owner>, StoreError> {
        let shared = self.read_connection().await?;
        let statement = Sql(FindOwner { access: ProjectAccess::new(caller, now, slug, Scope::OwnersRead), id });
        let row: Option<OwnerRow> = statement.get_result(&mut &shared.connection).await.optional()?;
        row.map(owner).transpose()
    }

    /// The owners of a project by id, from the one that follows the owner `after`; only that of an external id, if there is one.
    #[tracing::instrument(name = "store.list_owners", level = "debug", skip_all)]
    pub async fn list_owners(
        &self,
        caller: &Caller,
        now: DateTime<Utc>,
        slug: &str,
        external_id: Option<&str>,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Owner>, StoreError> {
        let shared = self.read_connection().await?;
        let access = ProjectAccess::new(caller, now, slug, Scope::OwnersRead);
        let (after, limit) = (after.unwrap_or(0), i64::try_from(limit).unwrap_or(i64::MAX));
        let rows: Vec<OwnerRow> = match external_id {
            Some(external_id) => {
                let statement = FindOwnerByExternalId { access, external_id, after };
                Sql(statement).load(&mut &shared.connection).await?
            }
            None => Sql(ListOwners { access, after, limit }).load(&mut &shared.connection).await?,
        };
        rows.into_iter().map(owner).collect()
    }

    /// The project, and the owner of this external id, if there is one; `None` if the caller may not change owners there.
    #[tracing::instrument(name = "store.find_token_owner", level = "debug", skip_all)]
    pub async fn find_token_owner(
        &self,
        caller: &Caller,
        now: DateTime<Utc>,
        slug: &str,
        external_id: &str,
    ) -> Result<Option<(Project, Option<TokenOwner>)>, StoreError> {
        let shared = self.read_connection().await?;
        let access = ProjectAccess::new(caller, now, slug, Scope::OwnersWrite);
        let statement = Sql(FindTokenOwner { access, external_id });
        let row: Option<(ProjectRow, Option<TokenOwnerRow>)> =
            statement.get_result(&mut &shared.connection).await.optional()?;
        let Some((project_row, owner)) = row else { return Ok(None) };
        let owner = owner.map(|(id, token_generation, disabled)| TokenOwner { id, token_generation, disabled });
        Ok(Some((project(project_row)?, owner)))
    }

    /// Erases an owner, if it is not erased yet, and returns its project. `None` if there is none in the project, or the caller may not
    /// change it.
    #[tracing::instrument(name = "store.delete_owner", level = "debug", skip_all)]
    pub async fn delete_owner(
        &self,
        caller: &Caller,
        now: DateTime<Utc>,
        slug: &str,
        id: i64,
    ) -> Result<Option<i64>, StoreError> {
        let access = ProjectAccess::new(caller, now, slug, Scope::OwnersWrite);
        // All rows are loaded, see `keys::write`.
        let rows: Vec<i64> = Sql(DeleteOwner { access, now, id }).load(&mut *self.write_connection().await?).await?;
        self.freshness().invalidate([Subject::Principal(id)]);
        Ok(rows.into_iter().next())
    }

    /// Erases what up to [`ERASURE_BATCH`] keys of a deleted owner say of it, and returns of how many.
    #[tracing::instrument(name = "store.erase_keys_of_deleted_owner", level = "debug", skip_all)]
    pub async fn erase_keys_of_deleted_owner(&self, id: i64) -> Result<usize, StoreError> {
        let erased: Vec<i64> = Sql(EraseKeys { owner_id: id }).load(&mut *self.write_connection().await?).await?;
        self.freshness().invalidate(erased.iter().map(|id| Subject::Key(*id)));
        Ok(erased.len())
    }

    /// The id of the owner of this external id in a project.
    #[tracing::instrument(name = "store.find_owner_id", level = "debug", skip_all)]
    pub async fn find_owner_id(&self, project_id: i64, external_id: &str) -> Result<Option<i64>, StoreError> {
        let shared = self.read_connection().await?;
        let statement = Sql(FindOwnerId { project_id, external_id });
        Ok(statement.get_result(&mut &shared.connection).await.optional()?)
    }
}

fn owner((id, external_id, display_name, json, disabled, created_at): OwnerRow) -> Result<Owner, StoreError> {
    Ok(Owner { id, external_id, display_name, metadata: metadata(json)?, disabled, created_at })
}

/// An owner `o` in an audit event. It does not say who the owner is, because events cannot be changed. Servers of version 0.1.0 list
/// events only if they have the members `revoked` and `deleted`.
pub(super) const OWNER_SNAPSHOT: &str =
    "jsonb_build_object('disabled', o.disabled_at IS NOT NULL, 'revoked', false, 'deleted', false)";
/// The values of [`PRINCIPAL_EVENT_COLUMNS`] after the time and the action, for an owner `o`.
pub(super) const OWNER_EVENT_SUBJECT: &str = "'owner', o.id, o.project_id, o.id";

struct UpsertOwner<'a> {
    access: ProjectAccess,
    now: DateTime<Utc>,
    external_id: &'a str,
    sets_display_name: bool,
    display_name: Option<&'a str>,
    metadata: Option<serde_json::Value>,
    disabled: Option<bool>,
}

impl Statement for UpsertOwner<'_> {
    type Id = UpsertOwner<'static>;
    type Row = (OwnerTypes, Bool, Bool);
    // An owner that stays as it is, is not written. Tokens end for ever when their owner is disabled. A weaker lock would deadlock with
    // the foreign keys of keys that are issued at the same time.
    const SQL: &'static str = "
        WITH access AS MATERIALIZED ({access}), old AS MATERIALIZED (
            SELECT o.* FROM access a INNER JOIN principals o ON o.project_id = a.id AND o.external_id = {external_id}
            FOR UPDATE OF o
        ), wanted AS MATERIALIZED (
            SELECT a.id AS project_id, old.id AS old_id,
                CASE WHEN {sets_display_name} THEN {display_name} ELSE old.display_name END AS display_name,
                COALESCE({metadata}, old.metadata, '{}') AS metadata,
                CASE WHEN COALESCE({disabled}, old.disabled_at IS NOT NULL) THEN COALESCE(old.disabled_at, {now}) END
                    AS disabled_at
            FROM access a LEFT JOIN old ON true
        ), created AS (
            INSERT INTO principals AS o (kind, project_id, external_id, display_name, metadata, disabled_at, created_at)
            SELECT 'owner', w.project_id, {external_id}, w.display_name, w.metadata, w.disabled_at, {now}
            FROM wanted w WHERE w.old_id IS NULL
            ON CONFLICT DO NOTHING
            RETURNING o.*, {ensure_durable}
        ), changed AS (
            UPDATE principals o SET display_name = w.display_name, metadata = w.metadata, disabled_at = w.disabled_at,
                token_generation = o.token_generation
                    + CASE WHEN old.disabled_at IS NULL AND w.disabled_at IS NOT NULL THEN 1 ELSE 0 END
            FROM wanted w, old
            WHERE o.id = w.old_id AND (old.display_name, old.metadata, old.disabled_at)
                IS DISTINCT FROM (w.display_name, w.metadata, w.disabled_at)
            RETURNING o.*, {ensure_durable}
        ), event AS (
            INSERT INTO audit_events ({event_columns}, before, after, {audit_caller_columns})
            SELECT {now}, 'create', {event_subject}, NULL, {snapshot}, {audit_caller} FROM created o
            UNION ALL
            SELECT {now}, 'update', {event_subject}, (SELECT {snapshot} FROM old o), {snapshot}, {audit_caller} FROM changed o
        )
        SELECT {owner}, true, false FROM created o
        UNION ALL
        SELECT {owner}, false, true FROM changed o
        UNION ALL
        SELECT {owner}, false, false FROM old o WHERE NOT EXISTS (SELECT FROM changed)";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "" => out.push_sql("{}"),
            "access" => self.access.push(out)?,
            "external_id" => out.push_bind_param::<Text, _>(self.external_id)?,
            "now" => out.push_bind_param::<Timestamptz, _>(&self.now)?,
            "sets_display_name" => out.push_bind_param::<Bool, _>(&self.sets_display_name)?,
            "display_name" => out.push_bind_param::<Nullable<Text>, _>(&self.display_name)?,
            "metadata" => out.push_bind_param::<Nullable<Jsonb>, _>(&self.metadata)?,
            "disabled" => out.push_bind_param::<Nullable<Bool>, _>(&self.disabled)?,
            "owner" => out.push_sql(OWNER_COLUMNS),
            "snapshot" => out.push_sql(OWNER_SNAPSHOT),
            "ensure_durable" => out.push_sql(ENSURE_DURABLE),
            "event_columns" => out.push_sql(PRINCIPAL_EVENT_COLUMNS),
            "event_subject" => out.push_sql(OWNER_EVENT_SUBJECT),
            "audit_caller_columns" => out.push_sql(AUDIT_CALLER_COLUMNS),
            "audit_caller" => self.access.caller.push_audit_values(out)?,
            _ => unknown(name)?,
        }
        Ok(())
    }
}

/// Without its external id, an owner is deleted: a constraint then permits nothing else to be stored of it. It stays disabled, because
/// owners are changed by their external ids.
struct DeleteOwner {
    access: ProjectAccess,
    now: DateTime<Utc>,
    id: i64,
}

impl Statement for DeleteOwner {
    type Id = Self;
    type Row = BigInt;
    // The lock is that of `UpsertOwner`.
    const SQL: &'static str = "
        WITH access AS MATERIALIZED ({access}), old AS MATERIALIZED (
            SELECT o.* FROM access a INNER JOIN principals o ON o.project_id = a.id AND o.kind = 'owner' AND o.id = {id}
            FOR UPDATE OF o
        ), erased AS (
            UPDATE principals o SET external_id = NULL, display_name = NULL, metadata = '{}',
                disabled_at = COALESCE(o.disabled_at, {now}), token_generation = o.token_generation + 1
            FROM old WHERE o.id = old.id AND old.external_id IS NOT NULL
            RETURNING o.*, {ensure_durable}
        ), event AS (
            INSERT INTO audit_events ({event_columns}, before, after, {audit_caller_columns})
            SELECT {now}, 'delete', {event_subject}, (SELECT {snapshot} FROM old o),
                {snapshot} || jsonb_build_object('deleted', true), {audit_caller} FROM erased o
        )
        SELECT o.project_id FROM old o";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "" => out.push_sql("{}"),
            "access" => self.access.push(out)?,
            "now" => out.push_bind_param::<Timestamptz, _>(&self.now)?,
            "id" => out.push_bind_param::<BigInt, _>(&self.id)?,
            "snapshot" => out.push_sql(OWNER_SNAPSHOT),
            "ensure_durable" => out.push_sql(ENSURE_DURABLE),
            "event_columns" => out.push_sql(PRINCIPAL_EVENT_COLUMNS),
            "event_subject" => out.push_sql(OWNER_EVENT_SUBJECT),
            "audit_caller_columns" => out.push_sql(AUDIT_CALLER_COLUMNS),
            "audit_caller" => self.access.caller.push_audit_values(out)?,
            _ => unknown(name)?,
        }
        Ok(())
    }
}

struct EraseKeys {
    owner_id: i64,
}

impl Statement for EraseKeys {
    type Id = Self;
    type Row = BigInt;
    const SQL: &'static str = "
        WITH old AS MATERIALIZED (
            SELECT k.id FROM api_keys k INNER JOIN principals o ON o.id = k.user_id
            WHERE k.user_id = {owner_id} AND o.kind = 'owner' AND o.external_id IS NULL
                AND (k.description IS NOT NULL OR k.metadata <> '{}')
            ORDER BY k.id LIMIT {batch} FOR NO KEY UPDATE OF k
        )
        UPDATE api_keys k SET description = NULL, metadata = '{}', version = k.version + 1
        FROM old WHERE k.id = old.id
        RETURNING k.id";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "" => out.push_sql("{}"),
            "owner_id" => out.push_bind_param::<BigInt, _>(&self.owner_id)?,
            "batch" => out.push_sql(&ERASURE_BATCH.to_string()),
            _ => unknown(name)?,
        }
        Ok(())
    }
}

struct FindOwner {
    access: ProjectAccess,
    id: i64,
}

impl Statement for FindOwner {
    type Id = Self;
    type Row = OwnerTypes;
    const SQL: &'static str = "
        SELECT {owner} FROM ({access}) p INNER JOIN principals o ON o.project_id = p.id AND o.kind = 'owner'
        WHERE o.id = {id} AND o.external_id IS NOT NULL";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "id" => out.push_bind_param::<BigInt, _>(&self.id),
            _ => push_found(name, &self.access, out),
        }
    }
}

struct FindOwnerByExternalId<'a> {
    access: ProjectAccess,
    external_id: &'a str,
    after: i64,
}

impl Statement for FindOwnerByExternalId<'_> {
    type Id = FindOwnerByExternalId<'static>;
    type Row = OwnerTypes;
    const SQL: &'static str = "
        SELECT {owner} FROM ({access}) p INNER JOIN principals o ON o.project_id = p.id
        WHERE o.external_id = {external_id} AND o.id > {after}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "external_id" => out.push_bind_param::<Text, _>(self.external_id),
            "after" => out.push_bind_param::<BigInt, _>(&self.after),
            _ => push_found(name, &self.access, out),
        }
    }
}

struct ListOwners {
    access: ProjectAccess,
    after: i64,
    limit: i64,
}

impl Statement for ListOwners {
    type Id = Self;
    type Row = OwnerTypes;
    const SQL: &'static str = "
        SELECT {owner} FROM ({access}) p INNER JOIN principals o ON o.project_id = p.id AND o.kind = 'owner'
        WHERE o.id > {after} AND o.external_id IS NOT NULL ORDER BY o.id LIMIT {limit}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "after" => out.push_bind_param::<BigInt, _>(&self.after),
            "limit" => out.push_bind_param::<BigInt, _>(&self.limit),
            _ => push_found(name, &self.access, out),
        }
    }
}

/// Pushes the parts that the statements that read owners share.
fn push_found<'b>(name: &str, access: &'b ProjectAccess, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
    match name {
        "owner" => out.push_sql(OWNER_COLUMNS),
        "access" => access.push(out)?,
        _ => unknown(name)?,
    }
    Ok(())
}

struct FindTokenOwner<'a> {
    access: ProjectAccess,
    external_id: &'a str,
}

impl Statement for FindTokenOwner<'_> {
    type Id = FindTokenOwner<'static>;
    type Row = (ProjectTypes, Nullable<(BigInt, BigInt, Bool)>);
    const SQL: &'static str = "
        SELECT {project}, o.id, o.token_generation, o.disabled_at IS NOT NULL
        FROM ({access}) p LEFT JOIN principals o ON o.project_id = p.id AND o.external_id = {external_id}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "project" => out.push_sql(PROJECT_COLUMNS),
            "access" => self.access.push(out)?,
            "external_id" => out.push_bind_param::<Text, _>(self.external_id)?,
            _ => unknown(name)?,
        }
        Ok(())
    }
}

struct FindOwnerId<'a> {
    project_id: i64,
    external_id: &'a str,
}

impl Statement for FindOwnerId<'_> {
    type Id = FindOwnerId<'static>;
    type Row = BigInt;
    const SQL: &'static str =
        "SELECT o.id FROM principals o WHERE o.project_id = {project_id} AND o.external_id = {external_id}";

    fn push<'b>(&'b self, name: &str, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        match name {
            "project_id" => out.push_bind_param::<BigInt, _>(&self.project_id),
            "external_id" => out.push_bind_param::<Text, _>(self.external_id),
            _ => unknown(name),
        }
    }
}
