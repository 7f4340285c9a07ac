//! The condition that a caller may do something in a project, as part of the statements that do it.

use chrono::{DateTime, Utc};
use diesel::{
    QueryResult,
    sql_types::{Array, Text},
};

use super::{
    Store,
    active_caller::CallerBinds,
    sql::{SqlOut, push_template, unknown},
};
use crate::model::{Actor, Error, Role, Scope};

/// The project of a slug, if the caller is active and has a scope in it, or for a command.
const ACCESS: &str = "SELECT p.* FROM ({actor}) u INNER JOIN projects p ON p.slug = {slug} \
    WHERE u.is_administrator OR EXISTS (SELECT FROM members m WHERE m.principal_id = u.id AND m.project_id = p.id \
        AND m.role = ANY({roles}))";

/// What a caller wants to do in a project, as statements bind it.
pub(super) struct ProjectAccess {
    pub(super) caller: CallerBinds,
    slug: String,
    roles: Vec<&'static str>,
}

impl ProjectAccess {
    pub(super) fn new<'a>(actor: impl Into<Actor<'a>>, now: DateTime<Utc>, slug: &str, scope: Scope) -> Self {
        let roles = Role::with_scope(scope).map(Role::as_str).collect();
        Self { caller: CallerBinds::new(actor, now), slug: slug.to_owned(), roles }
    }

    /// Pushes the query of the project, whose columns are those of `projects`.
    pub(super) fn push<'b>(&'b self, out: &mut SqlOut<'_, 'b>) -> QueryResult<()> {
        push_template(out, ACCESS, |name, out| match name {
            "slug" => out.push_bind_param::<Text, _>(&self.slug),
            "roles" => out.push_bind_param::<Array<Text>, _>(&self.roles),
            "actor" => self.caller.push_actor(out),
            _ => unknown(name),
        })
    }
}

impl Store {
    /// Fails if a statement in a project did nothing because of the caller: it is inactive, the project does not exist for it, or
    /// its role does not permit it.
    #[tracing::instrument(name = "store.ensure_project_access", level = "debug", skip_all)]
    pub async fn ensure_project_access<'a>(
        &self,
        actor: impl Into<Actor<'a>>,
        now: DateTime<Utc>,
        slug: &str,
        scope: Scope,
    ) -> Result<(), Error> {
        let Actor::Caller(caller) = actor.into() else {
            return self.find_project_id(slug).await?.map(drop).ok_or(Error::ProjectNotFound);
        };
        let principal = self.ensure_caller_active(caller, now).await?;
        let project_id = self.find_project_id(slug).await?.ok_or(Error::ProjectNotFound)?;
        let rights = &principal.rights;
        if rights.permits(scope, project_id) {
            Ok(())
        } else if rights.role_in(project_id).is_some() {
            Err(Error::InsufficientRole)
        } else {
            Err(Error::ProjectNotFound)
        }
    }
}
