//! The cursor of a page: the id of the last thing seen, signed for its owner, so that none can be made up.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice};
use sha2::Sha256;

const ID_LENGTH: usize = 8;
/// 128 bits, of which each guess costs a request.
const SIGNATURE_LENGTH: usize = 16;

/// Writes and reads cursors.
pub struct Cursors(Hmac<Sha256>);

impl Cursors {
    /// `secret` is the service's own, shared by its nodes; what is signed here for the list of this name cannot pass for
    /// anything else under it.
    pub fn new(secret: &SecretSlice<u8>, list: &str) -> Result<Self, hmac::digest::InvalidLength> {
        let hmac = Hmac::<Sha256>::new_from_slice(secret.expose_secret())?;
        Ok(Self(hmac.chain_update(b"latchkey list cursor ").chain_update(list).chain_update([0])))
    }

    /// The cursor that continues after this record.
    pub fn write(&self, user_id: i64, last_id: i64) -> String {
        let mut bytes = last_id.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.sign(user_id, last_id).finalize().into_bytes()[..SIGNATURE_LENGTH]);
        BASE64_URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The id of the last record seen; `None` for a forged cursor or another user's.
    pub fn read(&self, user_id: i64, cursor: &str) -> Option<i64> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (id, signature) = bytes.split_at_checked(ID_LENGTH)?;
        let id = i64::from_be_bytes(id.try_into().ok()?);
        let whole = signature.len() == SIGNATURE_LENGTH;
        (whole && self.sign(user_id, id).verify_truncated_left(signature).is_ok()).then_some(id)
    }

    fn sign(&self, user_id: i64, last_id: i64) -> Hmac<Sha256> {
        self.0.clone().chain_update(user_id.to_be_bytes()).chain_update(last_id.to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_good_for_its_user_only_and_cannot_be_changed() {
        let cursors = Cursors::new(&vec![1; 32].into(), "keys").unwrap();
        let cursor = cursors.write(7, 42);
        assert_eq!(cursors.read(7, &cursor), Some(42));
        assert_eq!(cursors.read(8, &cursor), None);
        for (secret, list) in [(2, "keys"), (1, "events")] {
            assert_eq!(Cursors::new(&vec![secret; 32].into(), list).unwrap().read(7, &cursor), None);
        }
        for at in 0..cursor.len() {
            let mut forged = cursor.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(cursors.read(7, std::str::from_utf8(&forged).unwrap()), None);
        }
        for bad in ["", "AAAA", &cursor[..20], "ä", &format!("{cursor}AAAA")] {
            assert_eq!(cursors.read(7, bad), None, "{bad}");
        }
    }
}
