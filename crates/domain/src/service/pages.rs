//! Pages of a list: where one begins, and the link to the one that follows it (RFC 8288).

use http::HeaderValue;
use latchkey_api::models;

use super::records;
use crate::{error::Failure, identity::Caller, keys::cursor::Cursors};

/// The id that a page begins after.
pub(super) fn begin(
    cursors: &Cursors,
    caller: &Caller,
    cursor: Option<&str>,
) -> Result<Option<i64>, models::HttpValidationError> {
    cursor.map(|cursor| cursors.read(caller.user_id, cursor).ok_or_else(forged_cursor)).transpose()
}

/// The link to the page after `last`, if there is one; `list` is the path, and the query less its cursor.
pub(super) fn next_link(
    cursors: &Cursors,
    caller: &Caller,
    list: &str,
    last: Option<i64>,
) -> Result<Option<HeaderValue>, Failure> {
    let link = |last| format!("<{list}&cursor={}>; rel=\"next\"", cursors.write(caller.user_id, last));
    last.map(link).map(HeaderValue::try_from).transpose().map_err(Failure::internal)
}

fn forged_cursor() -> models::HttpValidationError {
    let msg = "Value error, the cursor is not from a Link of this user's pages";
    records::fault(&["query", "cursor"], None, "value_error", msg)
}
