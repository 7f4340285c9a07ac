//! The operations that find and revoke many keys.

use latchkey_api::{
    apis::{
        api_key_search::{ApiKeySearch, RevokeApiKeysResponse, SearchApiKeysResponse},
        responses,
    },
    models, types,
};
use latchkey_request_validation::Location;

use super::{
    ApiError, Service,
    api_keys::key_status,
    page_size,
    projects::project_not_found,
    responses::key_model,
    validation::{parse_metadata, value_error},
};
use crate::{
    keys::search::{RevokeParams, RevokePosition, Searcher},
    model::{Caller, Error, KeyFilter, KeyText, Scope},
    store::keys::search::{FoundKey, SearchPosition},
};

impl ApiKeySearch for Service {
    async fn search_api_keys(
        &self,
        caller: Caller,
        project: String,
        query: models::SearchApiKeysQuery,
        body: models::ApiKeyFilter,
    ) -> Result<SearchApiKeysResponse, ApiError> {
        let cursors = self.search_cursors.within(&fingerprint(&project, &body));
        let after = match cursors.parse(&caller, query.cursor.as_deref()) {
            Ok(position) => position.map(|[expires_at, id]| SearchPosition { expires_at, id }),
            Err(error) => return Ok(SearchApiKeysResponse::UnprocessableContent(error)),
        };
        let filter = match parse_filter(body) {
            Ok(filter) => filter,
            Err(error) => return Ok(SearchApiKeysResponse::UnprocessableContent(error)),
        };
        let limit = page_size(query.limit)?;
        let outcome = async {
            let project = self.find_project(&caller, &project, Scope::OwnersRead).await?;
            self.searcher().search(&caller, &project, &filter, after, limit).await
        };
        match outcome.await {
            Ok(page) => Ok(SearchApiKeysResponse::Ok(models::FoundApiKeyPage {
                items: page.keys.into_iter().map(|found| self.found_model(found)).collect(),
                next_cursor: page.next.map(|next| cursors.encode(&caller, [next.expires_at, next.id])),
            })),
            Err(Error::ProjectNotFound) => Ok(SearchApiKeysResponse::NotFound(project_not_found())),
            Err(error) => Err(error.into()),
        }
    }

    async fn revoke_api_keys(
        &self,
        caller: Caller,
        project: String,
        body: models::ApiKeyRevocation,
    ) -> Result<RevokeApiKeysResponse, ApiError> {
        let models::ApiKeyRevocation { filter, dry_run, limit, reason, cursor } = body;
        let location = |names: &[&str]| names.iter().map(|name| Location::Name((*name).to_owned())).collect();
        if is_empty(&filter) {
            let error = value_error(location(&["body", "filter"]), "the filter must have a condition");
            return Ok(RevokeApiKeysResponse::UnprocessableContent(error));
        }
        let cursors = self.revocation_cursors.within(&fingerprint(&project, &filter));
        let after = match cursors.parse_at(&caller, cursor.as_deref(), location(&["body", "cursor"])) {
            Ok(position) => position
                .map(|[newest, expires_at, id]| RevokePosition { newest, search: SearchPosition { expires_at, id } }),
            Err(error) => return Ok(RevokeApiKeysResponse::UnprocessableContent(error)),
        };
        let filter = match parse_filter(filter) {
            Ok(filter) => filter,
            Err(error) => return Ok(RevokeApiKeysResponse::UnprocessableContent(error)),
        };
        let params = RevokeParams { dry_run, limit: page_size(limit)?, reason: reason.as_deref(), after };
        let outcome = async {
            let project = self.find_project(&caller, &project, Scope::OwnersWrite).await?;
            self.searcher().revoke(&caller, &project, &filter, params).await
        };
        match outcome.await {
            Ok(revoked) => Ok(RevokeApiKeysResponse::Ok(models::ApiKeyRevocationResult {
                matched: i64::try_from(revoked.matched).map_err(ApiError::internal)?,
                revoked: i64::try_from(revoked.revoked).map_err(ApiError::internal)?,
                next_cursor: revoked.next.map(|RevokePosition { newest, search }| {
                    cursors.encode(&caller, [newest, search.expires_at, search.id])
                }),
            })),
            Err(Error::ProjectNotFound) => Ok(RevokeApiKeysResponse::NotFound(project_not_found())),
            Err(error) => Err(error.into()),
        }
    }
}

impl Service {
    fn searcher(&self) -> Searcher<'_> {
        Searcher { store: &self.store, issuer: &self.issuer, env: &self.env }
    }

    fn found_model(&self, found: FoundKey) -> models::FoundApiKey {
        models::FoundApiKey {
            key: key_model(found.key, None, self.env.clock.now()),
            owner_external_id: found.owner_external_id,
            metadata: types::StringMap(found.metadata.into()),
            last_used_at: found.last_used_at.map(types::DateTime),
        }
    }
}

/// What a cursor is bound to: another filter needs another one. It contains the key that is searched, so it is signed and not kept.
fn fingerprint(project: &str, filter: &models::ApiKeyFilter) -> String {
    let models::ApiKeyFilter { key, owner, status, description, metadata, .. } = filter;
    let times = [&filter.expires_after, &filter.expires_before, &filter.created_before, &filter.unused_since];
    let times = times.map(|time| time.as_ref().map(|time| time.0));
    let (status, metadata) = (status.map(models::ApiKeyStatus::as_str), metadata.as_ref().map(|metadata| &metadata.0));
    format!("{project} {key:?} {owner:?} {status:?} {description:?} {metadata:?} {times:?}")
}

fn is_empty(filter: &models::ApiKeyFilter) -> bool {
    let models::ApiKeyFilter {
        key,
        owner,
        status,
        description,
        metadata,
        expires_after,
        expires_before,
        created_before,
        unused_since,
    } = filter;
    let times = [expires_after, expires_before, created_before, unused_since];
    let texts = [key, owner, description];
    texts.iter().all(|text| text.is_none())
        && times.iter().all(|time| time.is_none())
        && status.is_none()
        && metadata.as_ref().is_none_or(|metadata| metadata.0.is_empty())
}

fn parse_filter(filter: models::ApiKeyFilter) -> Result<KeyFilter, responses::ValidationError> {
    Ok(KeyFilter {
        key: filter.key.as_deref().map(KeyText::parse),
        owner: filter.owner,
        status: filter.status.map(key_status),
        description: filter.description,
        metadata: filter.metadata.map(parse_metadata).transpose()?.unwrap_or_default(),
        expires_after: filter.expires_after.map(|time| time.0),
        expires_before: filter.expires_before.map(|time| time.0),
        created_before: filter.created_before.map(|time| time.0),
        unused_since: filter.unused_since.map(|time| time.0),
    })
}
