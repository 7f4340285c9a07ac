//! Finds the keys of a project, and revokes many at once.

use super::issuer::KeyIssuer;
use crate::{
    model::{Caller, Env, Error, KeyAccess, KeyFilter, KeyText, PrincipalKind, Project, Scope},
    store::{
        Store,
        keys::search::{FoundKey, Search, SearchPage, SearchPosition, scope_for},
    },
};

/// What the operations here need.
#[derive(Clone, Copy)]
pub struct Searcher<'a> {
    /// Where the keys are.
    pub store: &'a Store,
    /// Knows the peppers.
    pub issuer: &'a KeyIssuer,
    /// The clock.
    pub env: &'a Env,
}

/// How many keys are revoked, and where.
pub struct RevokeParams<'a> {
    /// Whether they are counted alone.
    pub dry_run: bool,
    /// The most keys.
    pub limit: usize,
    /// Why.
    pub reason: Option<&'a str>,
    /// Where the request before ended.
    pub after: Option<RevokePosition>,
}

/// Where a request to revoke keys ended.
#[derive(Debug, Clone, Copy)]
pub struct RevokePosition {
    /// The newest key when the first request was sent. Later ones are spared.
    pub newest: i64,
    /// Where the search goes on.
    pub search: SearchPosition,
}

/// What was revoked.
pub struct Revoked {
    /// How many keys matched.
    pub matched: usize,
    /// How many of them were revoked.
    pub revoked: usize,
    /// Where the next request begins; `None` if there are no more keys.
    pub next: Option<RevokePosition>,
}

impl Searcher<'_> {
    /// The page of at most `limit` keys of a project that match, after a position.
    #[tracing::instrument(name = "keys.search", level = "debug", skip_all)]
    pub async fn search(
        self,
        caller: &Caller,
        project: &Project,
        filter: &KeyFilter,
        after: Option<SearchPosition>,
        limit: usize,
    ) -> Result<SearchPage, Error> {
        let Some(search) = self.prepare(project, filter, KeyAccess::Read, i64::MAX).await? else {
            return self.nothing(caller, project, KeyAccess::Read).await;
        };
        self.find(caller, &search, after, limit).await
    }

    /// Revokes the keys of a project that match and that the caller may revoke: all of those that it examines, or none.
    #[tracing::instrument(name = "keys.revoke_many", level = "debug", skip_all)]
    pub async fn revoke(
        self,
        caller: &Caller,
        project: &Project,
        filter: &KeyFilter,
        params: RevokeParams<'_>,
    ) -> Result<Revoked, Error> {
        let RevokeParams { dry_run, limit, reason, after } = params;
        let newest = match after {
            Some(after) => after.newest,
            None => self.store.newest_key_id().await?,
        };
        let Some(search) = self.prepare(project, filter, KeyAccess::Write, newest).await? else {
            self.nothing(caller, project, KeyAccess::Write).await?;
            return Ok(Revoked { matched: 0, revoked: 0, next: None });
        };
        let mut page = self.find(caller, &search, after.map(|after| after.search), limit).await?;
        page.keys.retain(|found| may_revoke(caller, found));
        let revoked = if dry_run {
            0
        } else {
            self.store.revoke_keys(caller, self.env.clock.now(), &search, &page.keys, reason).await?
        };
        let next = page.next.map(|search| RevokePosition { newest, search });
        Ok(Revoked { matched: page.keys.len(), revoked, next })
    }

    /// The search; `None` if the filter names an owner that does not exist.
    async fn prepare<'a>(
        self,
        project: &'a Project,
        filter: &'a KeyFilter,
        access: KeyAccess,
        newest: i64,
    ) -> Result<Option<Search<'a>>, Error> {
        let owner_id = match &filter.owner {
            None => None,
            Some(external_id) => match self.store.find_owner_id(project.id, external_id).await? {
                None => return Ok(None),
                id => id,
            },
        };
        let digests = match &filter.key {
            Some(KeyText::Whole(key)) => {
                let peppers = self.issuer.peppers();
                peppers.previous(key).chain([peppers.current(key)]).map(|hash| hash.digest).collect()
            }
            Some(KeyText::Beginning(_)) | None => Vec::new(),
        };
        let (slug, project_id) = (&project.slug, project.id);
        Ok(Some(Search { project: slug, project_id, filter, digests, owner_id, access, newest }))
    }

    async fn find(
        self,
        caller: &Caller,
        search: &Search<'_>,
        after: Option<SearchPosition>,
        limit: usize,
    ) -> Result<SearchPage, Error> {
        let now = self.env.clock.now();
        let page = self.store.search_keys(caller, now, search, after, limit).await?;
        if page.keys.is_empty() {
            self.store.ensure_project_access(caller, now, search.project, scope_for(search.access)).await?;
        }
        Ok(page)
    }

    /// An empty page, for a caller that may search.
    async fn nothing(self, caller: &Caller, project: &Project, access: KeyAccess) -> Result<SearchPage, Error> {
        self.store.ensure_project_access(caller, self.env.clock.now(), &project.slug, scope_for(access)).await?;
        Ok(SearchPage { keys: Vec::new(), next: None })
    }
}

/// Whether the caller may revoke a key that it found for that. Keys that are not of owners take what it takes to revoke one of them.
fn may_revoke(caller: &Caller, FoundKey { key, kind, .. }: &FoundKey) -> bool {
    *kind == PrincipalKind::Owner
        || caller.has_everything()
        || caller.scopes.contains(Scope::KeysManage) && caller.may_control(key, *kind)
}
