//! Deletes an owner.

use crate::{
    model::{Caller, Env, Error, KeyAccess, KeyFilter, Scope},
    store::{
        Store,
        keys::{search::Search, write::REVOCATION_BATCH},
        owners::ERASURE_BATCH,
    },
};

const REASON: &str = "the owner was deleted";

/// Erases what is stored of the owner of this id in a project, and revokes its keys. Whether there is, or was, such an owner.
///
/// First the owner itself: none of its keys and tokens is valid then. If the rest fails, the same request goes on with it.
#[tracing::instrument(name = "owners.delete", level = "debug", skip_all)]
pub async fn delete(store: &Store, env: &Env, caller: &Caller, project: &str, id: i64) -> Result<bool, Error> {
    let now = env.clock.now();
    let Some(project_id) = store.delete_owner(caller, now, project, id).await? else {
        store.ensure_project_access(caller, now, project, Scope::OwnersWrite).await?;
        return Ok(false);
    };
    let search = Search {
        project,
        project_id,
        filter: &KeyFilter::default(),
        digests: Vec::new(),
        owner_id: Some(id),
        access: KeyAccess::Write,
        newest: i64::MAX,
    };
    let mut after = None;
    loop {
        let page = store.search_keys(caller, now, &search, after, REVOCATION_BATCH).await?;
        store.revoke_keys(caller, now, &search, &page.keys, Some(REASON)).await?;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    while store.erase_keys_of_deleted_owner(id).await? == ERASURE_BATCH {}
    Ok(true)
}
