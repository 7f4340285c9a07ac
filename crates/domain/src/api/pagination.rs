//! Cursors of lists, and the link to the next page (RFC 8288).
//!
//! A cursor is the position of the last item of a page, signed for its user and list, so that none can be forged.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use latchkey_api::apis::responses;
use latchkey_request_validation::Location;
use secrecy::{ExposeSecret, SecretSlice};
use sha2::Sha256;

use super::{ApiError, validation::value_error};
use crate::model::Caller;

const NUMBER_LENGTH: usize = 8;
/// 128 bits, of which each guess costs a request.
const SIGNATURE_LENGTH: usize = 16;

/// Encodes and decodes the cursors of one list, whose positions have `N` numbers.
pub struct CursorCodec<const N: usize>(Hmac<Sha256>);

impl<const N: usize> CursorCodec<N> {
    /// `secret` is the service's own, the same on every node. A cursor of the list of this name is invalid elsewhere.
    pub fn new(secret: &SecretSlice<u8>, list: &str) -> Result<Self, ApiError> {
        let hmac = Hmac::<Sha256>::new_from_slice(secret.expose_secret()).map_err(ApiError::internal)?;
        Ok(Self(hmac.chain_update(b"latchkey list cursor ").chain_update(list).chain_update([0])))
    }

    /// The cursors of a list under a filter, which are invalid under another.
    #[must_use]
    pub fn within(&self, filter: &str) -> Self {
        Self(self.0.clone().chain_update(filter).chain_update([0]))
    }

    /// The position of the last item before a page; `None` for the first page.
    pub fn parse(&self, caller: &Caller, cursor: Option<&str>) -> Result<Option<[i64; N]>, responses::ValidationError> {
        self.parse_at(caller, cursor, ["query", "cursor"].map(|name| Location::Name(name.to_owned())).into())
    }

    /// Like [`CursorCodec::parse`], for a cursor at this place of the request.
    pub fn parse_at(
        &self,
        caller: &Caller,
        cursor: Option<&str>,
        location: Vec<Location>,
    ) -> Result<Option<[i64; N]>, responses::ValidationError> {
        let invalid = || value_error(location, "the cursor is not from a page of this user's list");
        cursor.map(|cursor| self.decode(caller.user_id, cursor).ok_or_else(invalid)).transpose()
    }

    /// The cursor of the page after a position.
    pub fn encode(&self, caller: &Caller, position: [i64; N]) -> String {
        let mut bytes: Vec<u8> = position.iter().flat_map(|number| number.to_be_bytes()).collect();
        bytes.extend_from_slice(&self.sign(caller.user_id, &bytes).finalize().into_bytes()[..SIGNATURE_LENGTH]);
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The link to the page after a position, if there is one. `list` is the path with the query, less the cursor.
    pub(super) fn next_link(&self, caller: &Caller, list: &str, position: Option<[i64; N]>) -> Option<String> {
        position.map(|position| format!("<{list}&cursor={}>; rel=\"next\"", self.encode(caller, position)))
    }

    fn decode(&self, user_id: i64, cursor: &str) -> Option<[i64; N]> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (position, signature) = bytes.split_at_checked(N * NUMBER_LENGTH)?;
        if signature.len() != SIGNATURE_LENGTH {
            return None;
        }
        self.sign(user_id, position).verify_truncated_left(signature).ok()?;
        let mut numbers = position.chunks_exact(NUMBER_LENGTH).map(|bytes| bytes.try_into().map(i64::from_be_bytes));
        let mut decoded = [0; N];
        for number in &mut decoded {
            *number = numbers.next()?.ok()?;
        }
        Some(decoded)
    }

    fn sign(&self, user_id: i64, position: &[u8]) -> Hmac<Sha256> {
        self.0.clone().chain_update(user_id.to_be_bytes()).chain_update(position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codec<const N: usize>(secret: u8, list: &str) -> CursorCodec<N> {
        CursorCodec::new(&vec![secret; 32].into(), list).unwrap()
    }

    #[test]
    fn a_cursor_is_valid_for_its_user_and_list_only_and_cannot_be_changed() {
        let caller = Caller::with_token(7, 1);
        let cursor = codec(1, "keys").encode(&caller, [42]);
        assert_eq!(codec(1, "keys").decode(7, &cursor), Some([42]));
        assert_eq!(codec::<1>(1, "keys").decode(8, &cursor), None);
        assert_eq!(codec::<1>(2, "keys").decode(7, &cursor), None);
        assert_eq!(codec::<1>(1, "events").decode(7, &cursor), None);
        assert_eq!(codec::<2>(1, "keys").decode(7, &cursor), None);
        assert_eq!(codec::<1>(1, "keys").within("shop").decode(7, &cursor), None);
        for at in 0..cursor.len() {
            let mut forged = cursor.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(codec::<1>(1, "keys").decode(7, std::str::from_utf8(&forged).unwrap()), None);
        }
        for invalid in ["", "AAAA", &cursor[..20], "ä", &format!("{cursor}AAAA")] {
            assert_eq!(codec::<1>(1, "keys").decode(7, invalid), None, "{invalid}");
        }
    }

    #[test]
    fn a_position_may_have_several_numbers_within_the_contracts_limit() {
        let caller = Caller::with_token(7, 1);
        let cursor = codec(1, "events").encode(&caller, [i64::MIN, i64::MAX]);
        assert_eq!(codec(1, "events").decode(7, &cursor), Some([i64::MIN, i64::MAX]));
        assert!(cursor.len() <= 64, "{cursor}");
    }
}
