//! The operations on projects.

use std::sync::Arc;

use http::StatusCode;
use latchkey_api::{
    apis::{
        projects::{CreateProjectResponse, GetProjectResponse, ListProjectsResponse, Projects, UpdateProjectResponse},
        responses,
    },
    models, types,
};
use latchkey_request_validation::Location;

use super::{
    ApiError, Service,
    api_key_policies::{parse_rate_limit, rate_limit_model},
    cross_origin::is_valid_origin,
    etag::{parse_project_if_match, project_etag},
    page_size,
    problem::{ProblemCode, problem},
    responses::precondition_failed,
    validation::{policy_error, value_error},
};
use crate::{
    model::{
        Actor, Caller, Error, Policy, PolicyError, Project, ProjectChange, ProjectSettings, Scope,
        policy::{parse_networks, parse_scopes},
    },
    projects::{
        create::{self, create},
        get::get,
        list::list,
        update::{self, update},
    },
};

impl Projects for Service {
    async fn create_project(
        &self,
        caller: Caller,
        body: models::ProjectCreate,
    ) -> Result<CreateProjectResponse, ApiError> {
        let change = match parse_settings(body.settings)? {
            Ok(change) => change,
            Err(error) => return Ok(CreateProjectResponse::UnprocessableContent(error)),
        };
        Ok(match create(&self.store, &self.env, Actor::Caller(&caller), &body.slug, change).await? {
            create::Outcome::Created(project) => CreateProjectResponse::Created {
                location: format!("/v1/projects/{}", project.slug),
                etag: project_etag(&project),
                body: project_model(*project),
            },
            create::Outcome::Taken => CreateProjectResponse::Conflict(project_exists()),
        })
    }

    async fn list_projects(
        &self,
        caller: Caller,
        query: models::ListProjectsQuery,
    ) -> Result<ListProjectsResponse, ApiError> {
        let after = match self.project_cursors.parse(&caller, query.cursor.as_deref()) {
            Ok(position) => position.map(|[id]| id),
            Err(error) => return Ok(ListProjectsResponse::UnprocessableContent(error)),
        };
        let page = list(&self.store, &self.env, Actor::Caller(&caller), page_size(query.limit)?, after).await?;
        Ok(ListProjectsResponse::Ok(models::ProjectPage {
            items: page.items.into_iter().map(project_model).collect(),
            next_cursor: page.next.map(|id| self.project_cursors.encode(&caller, [id])),
        }))
    }

    async fn get_project(&self, caller: Caller, project: String) -> Result<GetProjectResponse, ApiError> {
        match get(&self.store, &self.env, &caller, &project).await {
            Ok(project) => Ok(GetProjectResponse::Ok { etag: project_etag(&project), body: project_model(project) }),
            Err(Error::ProjectNotFound) => Ok(GetProjectResponse::NotFound(project_not_found())),
            Err(error) => Err(error.into()),
        }
    }

    async fn update_project(
        &self,
        caller: Caller,
        project: String,
        if_match: Option<String>,
        body: models::ProjectUpdate,
    ) -> Result<UpdateProjectResponse, ApiError> {
        let change = match parse_settings(body.settings)? {
            Ok(change) => ProjectChange { disabled: body.disabled, ..change },
            Err(error) => return Ok(UpdateProjectResponse::UnprocessableContent(error)),
        };
        let precondition = parse_project_if_match(if_match.as_deref());
        Ok(match update(&self.store, &self.env, &caller, &project, &precondition, change).await {
            Ok(update::Outcome::Done(project)) => {
                UpdateProjectResponse::Ok { etag: project_etag(&project), body: project_model(*project) }
            }
            Ok(update::Outcome::Taken) => UpdateProjectResponse::Conflict(project_exists()),
            Ok(update::Outcome::NotDisableable) => UpdateProjectResponse::Conflict(project_conflict(
                ProblemCode::ProjectNotDisableable,
                "The project default cannot be disabled.",
            )),
            Ok(update::Outcome::PreconditionFailed) => {
                UpdateProjectResponse::PreconditionFailed(precondition_failed("project"))
            }
            Err(Error::ProjectNotFound) => UpdateProjectResponse::NotFound(project_not_found()),
            Err(error) => return Err(error.into()),
        })
    }
}

impl Service {
    /// The project of a slug, as it is cached. Fails as for a project that the caller does not belong to if there is none.
    pub(super) async fn find_project(&self, caller: &Caller, slug: &str, scope: Scope) -> Result<Arc<Project>, Error> {
        match self.verifier.project_of_slug(slug).await {
            Err(Error::ProjectNotFound) => {
                self.store.ensure_project_access(caller, self.env.clock.now(), slug, scope).await?;
                Err(Error::ProjectNotFound)
            }
            found => found,
        }
    }
}

/// 404. A project that the caller does not belong to has the same response.
pub(super) fn project_not_found() -> responses::ProjectNotFound {
    let detail = "There is no such project.";
    responses::ProjectNotFound { body: problem(StatusCode::NOT_FOUND, ProblemCode::ProjectNotFound, detail) }
}

fn project_exists() -> responses::ProjectConflict {
    project_conflict(ProblemCode::ProjectExists, "There is a project with this slug or prefix.")
}

fn project_conflict(code: ProblemCode, detail: &str) -> responses::ProjectConflict {
    responses::ProjectConflict { body: problem(StatusCode::CONFLICT, code, detail) }
}

fn project_model(project: Project) -> models::Project {
    models::Project {
        slug: project.slug,
        settings: settings_model(project.settings),
        disabled: project.disabled,
        created_at: types::DateTime(project.created_at),
    }
}

fn settings_model(settings: ProjectSettings) -> models::ProjectSettings {
    models::ProjectSettings {
        key_prefix: settings.key_prefix,
        default_policy: models::DefaultPolicyRead {
            scopes: settings.default_scopes,
            networks: settings.default_networks.map(|networks| networks.iter().map(ToString::to_string).collect()),
            rate_limit: settings.default_rate_limit.map(rate_limit_model),
        },
        default_lifetime_seconds: settings.default_lifetime.map(|lifetime| lifetime.num_seconds()),
        max_lifetime_seconds: settings.max_lifetime.map(|lifetime| lifetime.num_seconds()),
        allowed_origins: settings.allowed_origins,
    }
}

/// The settings of a body, or 422. The contract has limited its numbers to what fits.
fn parse_settings(
    settings: Option<models::ProjectSettingsUpdate>,
) -> Result<Result<ProjectChange, responses::ValidationError>, Error> {
    let Some(settings) = settings else { return Ok(Ok(ProjectChange::default())) };
    let default_policy = match settings.default_policy.map(parse_default_policy).transpose()?.transpose() {
        Ok(policy) => policy,
        Err(error) => return Ok(Err(policy_error(&["body", "settings", "default_policy"], error))),
    };
    if let Some(index) = settings.allowed_origins.iter().flatten().position(|origin| !is_valid_origin(origin)) {
        let names = ["body", "settings", "allowed_origins"].map(|name| Location::Name(name.to_owned()));
        let location = names.into_iter().chain([Location::Index(index)]).collect();
        let msg = "an origin is https://host or https://host:port as browsers send it, or http on this machine";
        return Ok(Err(value_error(location, msg)));
    }
    let lifetime =
        |seconds: Option<Option<i64>>| seconds.map(|seconds| seconds.and_then(chrono::TimeDelta::try_seconds));
    Ok(Ok(ProjectChange {
        key_prefix: settings.key_prefix,
        default_policy,
        default_lifetime: lifetime(settings.default_lifetime_seconds),
        max_lifetime: lifetime(settings.max_lifetime_seconds),
        allowed_origins: settings.allowed_origins,
        disabled: None,
    }))
}

/// The default policy of a body. Of the scopes of Latchkey, it may have those to manage keys.
fn parse_default_policy(model: models::DefaultPolicy) -> Result<Result<Policy, PolicyError>, Error> {
    let rate_limit = model.rate_limit.flatten().map(parse_rate_limit).transpose()?;
    let parse = || {
        let scopes = model.scopes.flatten().map(parse_scopes).transpose()?.unwrap_or_default();
        let is_allowed = |name: &String| Scope::parse(name).is_none_or(Scope::is_of_keys);
        if let Some(index) = scopes.iter().position(|scope| !is_allowed(scope)) {
            return Err(PolicyError::InvalidScope(index));
        }
        Ok(Policy {
            scopes: Some(scopes),
            networks: model.networks.flatten().as_deref().map(parse_networks).transpose()?,
            not_before: None,
            rate_limit,
        })
    };
    Ok(parse())
}
