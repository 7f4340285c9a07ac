//! Checks the precondition of a mutation.

use super::get::get;
use crate::{
    model::{Caller, Error, Precondition},
    store::Store,
};

/// Why a mutation must not happen.
pub(super) enum Unmet {
    /// The caller has no such key.
    NotFound,
    /// The key does not meet the precondition.
    PreconditionFailed,
}

/// The version that the statement must find, if there is a precondition that the key meets.
pub(super) async fn required_version(
    store: &Store,
    caller: &Caller,
    id: i64,
    precondition: &Precondition,
) -> Result<Result<Option<i64>, Unmet>, Error> {
    if *precondition == Precondition::None {
        return Ok(Ok(None));
    }
    Ok(match get(store, caller, id).await? {
        None => Err(Unmet::NotFound),
        Some(key) if precondition.matches(&key) => Ok(Some(key.version)),
        Some(_) => Err(Unmet::PreconditionFailed),
    })
}
