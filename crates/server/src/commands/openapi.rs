//! `latchkey openapi`: prints the contract of this version.

use super::CommandResult;
use crate::http::openapi::CONTRACT_YAML;

pub(super) fn openapi(json: bool) -> CommandResult {
    print!("{}", if json { latchkey_domain::CONTRACT } else { CONTRACT_YAML });
    Ok(())
}
