//! `latchkey openapi`: prints the contract of this version.

use crate::http::openapi::CONTRACT_YAML;

pub(super) fn openapi(json: bool) {
    print!("{}", if json { latchkey_domain::CONTRACT } else { CONTRACT_YAML });
}
