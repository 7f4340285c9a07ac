//! The operations on members of projects.

use http::StatusCode;
use latchkey_api::{
    apis::{
        members::{
            CreateServiceAccountResponse, ListMembersResponse, Members, RemoveMemberResponse, SetMemberResponse,
        },
        responses,
    },
    models,
};

use super::{
    ApiError, Service, page_size,
    problem::{ProblemCode, problem},
    projects::project_not_found,
};
use crate::{
    members::{create_service_account::create_service_account, list::list, remove::remove, set::set},
    model::{Actor, Caller, Error, Member, Role},
};

impl Members for Service {
    async fn list_members(
        &self,
        caller: Caller,
        project: String,
        query: models::ListMembersQuery,
    ) -> Result<ListMembersResponse, ApiError> {
        let cursors = self.member_cursors.within(&project);
        let after = match cursors.parse(&caller, query.cursor.as_deref()) {
            Ok(position) => position.map(|[id]| id),
            Err(error) => return Ok(ListMembersResponse::UnprocessableContent(error)),
        };
        match list(&self.store, &self.env, Actor::Caller(&caller), &project, page_size(query.limit)?, after).await {
            Ok(page) => Ok(ListMembersResponse::Ok(models::MemberPage {
                items: page.items.into_iter().map(member_model).collect(),
                next_cursor: page.next.map(|id| cursors.encode(&caller, [id])),
            })),
            Err(Error::ProjectNotFound) => Ok(ListMembersResponse::NotFound(project_not_found())),
            Err(error) => Err(error.into()),
        }
    }

    async fn set_member(
        &self,
        caller: Caller,
        project: String,
        user_id: i64,
        body: models::MemberSet,
    ) -> Result<SetMemberResponse, ApiError> {
        Ok(match set(&self.store, &self.env, Actor::Caller(&caller), &project, user_id, role(body.role)).await {
            Ok(Some(member)) => SetMemberResponse::Ok(member_model(member)),
            Ok(None) => SetMemberResponse::NotFound(member_not_found()),
            Err(Error::ProjectNotFound) => SetMemberResponse::NotFound(project_of_member_not_found()),
            Err(error) => return Err(error.into()),
        })
    }

    async fn remove_member(
        &self,
        caller: Caller,
        project: String,
        user_id: i64,
    ) -> Result<RemoveMemberResponse, ApiError> {
        Ok(match remove(&self.store, &self.env, Actor::Caller(&caller), &project, user_id).await {
            Ok(true) => RemoveMemberResponse::NoContent,
            Ok(false) => RemoveMemberResponse::NotFound(member_not_found()),
            Err(Error::ProjectNotFound) => RemoveMemberResponse::NotFound(project_of_member_not_found()),
            Err(error) => return Err(error.into()),
        })
    }

    async fn create_service_account(
        &self,
        caller: Caller,
        project: String,
        body: models::ServiceAccountCreate,
    ) -> Result<CreateServiceAccountResponse, ApiError> {
        let models::ServiceAccountCreate { name, role: in_role } = body;
        Ok(
            match create_service_account(&self.store, &self.env, Actor::Caller(&caller), &project, &name, role(in_role))
                .await
            {
                Ok(Some(member)) => CreateServiceAccountResponse::Created {
                    location: format!("/v1/projects/{project}/members/{}", member.principal_id),
                    body: member_model(member),
                },
                Ok(None) => {
                    let detail = "There is a service account of this name in the project.";
                    let body = problem(StatusCode::CONFLICT, ProblemCode::ServiceAccountExists, detail);
                    CreateServiceAccountResponse::Conflict(responses::MemberConflict { body })
                }
                Err(Error::ProjectNotFound) => CreateServiceAccountResponse::NotFound(project_not_found()),
                Err(error) => return Err(error.into()),
            },
        )
    }
}

fn member_model(member: Member) -> models::Member {
    models::Member {
        user_id: member.principal_id,
        kind: member.kind.as_str().into(),
        name: member.name,
        role: member.role.as_str().into(),
    }
}

fn role(role: models::MemberRole) -> Role {
    match role {
        models::MemberRole::Admin => Role::Admin,
        models::MemberRole::Manager => Role::Manager,
        models::MemberRole::Auditor => Role::Auditor,
        models::MemberRole::Verifier => Role::Verifier,
    }
}

/// 404.
pub(super) fn member_not_found() -> responses::MemberNotFound {
    let detail = "There is no such user or service account.";
    responses::MemberNotFound { body: problem(StatusCode::NOT_FOUND, ProblemCode::MemberNotFound, detail) }
}

/// 404, of a project.
pub(super) fn project_of_member_not_found() -> responses::MemberNotFound {
    responses::MemberNotFound { body: project_not_found().body }
}
