//! Cursors of lists, and the link to the next page (RFC 8288).
//!
//! A cursor is the id of the last item of a page, signed for its user and list, so that none can be forged.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderValue;
use latchkey_api::models;
use secrecy::{ExposeSecret, SecretSlice};
use sha2::Sha256;

use super::{ApiError, validation::validation_error};
use crate::model::Caller;

const ID_LENGTH: usize = 8;
/// 128 bits, of which each guess costs a request.
const SIGNATURE_LENGTH: usize = 16;

/// Encodes and decodes the cursors of one list.
pub(super) struct CursorCodec(Hmac<Sha256>);

impl CursorCodec {
    /// `secret` is the service's own, the same on every node. A cursor of the list of this name is invalid elsewhere.
    pub(super) fn new(secret: &SecretSlice<u8>, list: &str) -> Result<Self, ApiError> {
        let hmac = Hmac::<Sha256>::new_from_slice(secret.expose_secret()).map_err(ApiError::internal)?;
        Ok(Self(hmac.chain_update(b"latchkey list cursor ").chain_update(list).chain_update([0])))
    }

    /// The id of the last item before a page; `None` for the first page.
    pub(super) fn parse(
        &self,
        caller: &Caller,
        cursor: Option<&str>,
    ) -> Result<Option<i64>, models::HttpValidationError> {
        let decode = |cursor| self.decode(caller.user_id, cursor).ok_or_else(invalid_cursor);
        cursor.map(decode).transpose()
    }

    /// The link to the page after the item `last`, if there is one. `list` is the path with the query, less the cursor.
    pub(super) fn next_link(
        &self,
        caller: &Caller,
        list: &str,
        last: Option<i64>,
    ) -> Result<Option<HeaderValue>, ApiError> {
        let link = |last| format!("<{list}&cursor={}>; rel=\"next\"", self.encode(caller.user_id, last));
        last.map(link).map(HeaderValue::try_from).transpose().map_err(ApiError::internal)
    }

    fn encode(&self, user_id: i64, last_id: i64) -> String {
        let mut bytes = last_id.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.sign(user_id, last_id).finalize().into_bytes()[..SIGNATURE_LENGTH]);
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    fn decode(&self, user_id: i64, cursor: &str) -> Option<i64> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (id, signature) = bytes.split_at_checked(ID_LENGTH)?;
        let id = i64::from_be_bytes(id.try_into().ok()?);
        let is_complete = signature.len() == SIGNATURE_LENGTH;
        (is_complete && self.sign(user_id, id).verify_truncated_left(signature).is_ok()).then_some(id)
    }

    fn sign(&self, user_id: i64, last_id: i64) -> Hmac<Sha256> {
        self.0.clone().chain_update(user_id.to_be_bytes()).chain_update(last_id.to_be_bytes())
    }
}

fn invalid_cursor() -> models::HttpValidationError {
    let msg = "Value error, the cursor is not from a Link of this user's pages";
    validation_error(&["query", "cursor"], None, "value_error", msg)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codec(secret: u8, list: &str) -> CursorCodec {
        CursorCodec::new(&vec![secret; 32].into(), list).unwrap()
    }

    #[test]
    fn a_cursor_is_valid_for_its_user_and_list_only_and_cannot_be_changed() {
        let cursor = codec(1, "keys").encode(7, 42);
        assert_eq!(codec(1, "keys").decode(7, &cursor), Some(42));
        assert_eq!(codec(1, "keys").decode(8, &cursor), None);
        assert_eq!(codec(2, "keys").decode(7, &cursor), None);
        assert_eq!(codec(1, "events").decode(7, &cursor), None);
        for at in 0..cursor.len() {
            let mut forged = cursor.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(codec(1, "keys").decode(7, std::str::from_utf8(&forged).unwrap()), None);
        }
        for invalid in ["", "AAAA", &cursor[..20], "ä", &format!("{cursor}AAAA")] {
            assert_eq!(codec(1, "keys").decode(7, invalid), None, "{invalid}");
        }
    }
}
