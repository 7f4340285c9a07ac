//! Creates a project.

use crate::{
    model::{Actor, Env, Error, Project, ProjectChange, ProjectSettings},
    store::{Store, projects::WrittenProject},
};

/// What became of the request.
pub enum Outcome {
    /// The project.
    Created(Box<Project>),
    /// The slug or the prefix is taken.
    Taken,
}

/// Creates a project, for an administrator. What the change does not set has its default.
#[tracing::instrument(name = "projects.create", level = "debug", skip_all)]
pub async fn create(
    store: &Store,
    env: &Env,
    actor: Actor<'_>,
    slug: &str,
    change: ProjectChange,
) -> Result<Outcome, Error> {
    let now = env.clock.now();
    match store.insert_project(actor, now, slug, &ProjectSettings::default().with(change)).await? {
        WrittenProject::Done(project) => Ok(Outcome::Created(project)),
        WrittenProject::Taken => Ok(Outcome::Taken),
        WrittenProject::Nothing => {
            store.ensure_administrator(actor, now).await?;
            // The caller became an administrator between the two statements.
            Err(Error::Contention)
        }
    }
}
