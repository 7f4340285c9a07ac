//! Changes the settings of a project, and disables or enables it.

use super::get::find;
use crate::{
    model::{Caller, Env, Error, Precondition, Project, ProjectChange, Scope, principal::DEFAULT_PROJECT},
    store::{Store, projects::WrittenProject},
};

/// How often the statement is attempted if others change the project at the same time: one of them succeeds with each attempt.
const MAX_ATTEMPTS: usize = 20;

/// What became of the request.
pub enum Outcome {
    /// The project is as it was asked for.
    Done(Box<Project>),
    /// The prefix is taken by another project.
    Taken,
    /// The project that always exists cannot be disabled.
    NotDisableable,
    /// The project does not meet the precondition.
    PreconditionFailed,
}

/// Changes a project. A change that changes nothing writes nothing, not even a version.
#[tracing::instrument(name = "projects.update", level = "debug", skip_all)]
pub async fn update(
    store: &Store,
    env: &Env,
    caller: &Caller,
    slug: &str,
    precondition: &Precondition,
    change: ProjectChange,
) -> Result<Outcome, Error> {
    for _ in 0..MAX_ATTEMPTS {
        let old = find(store, env, caller, slug, Scope::ProjectAdmin).await?;
        if !precondition.matches_version(old.version) {
            return Ok(Outcome::PreconditionFailed);
        }
        let disabled = change.disabled.unwrap_or(old.disabled);
        if disabled && old.id == DEFAULT_PROJECT {
            return Ok(Outcome::NotDisableable);
        }
        let settings = old.settings.clone().with(change.clone());
        if settings == old.settings && disabled == old.disabled {
            store.ensure_key_active(caller, env.clock.now()).await?;
            return Ok(Outcome::Done(Box::new(old)));
        }
        match store.update_project(caller, env.clock.now(), &old, &settings, disabled).await? {
            WrittenProject::Done(project) => return Ok(Outcome::Done(project)),
            WrittenProject::Taken => return Ok(Outcome::Taken),
            WrittenProject::Nothing => {}
        }
    }
    Err(Error::Contention)
}
