//! `latchkey openapi`: the contract that this very program keeps.

use super::CommandResult;
use crate::http::about::CONTRACT_YAML;

pub(super) fn openapi(json: bool) -> CommandResult {
    print!("{}", if json { latchkey_domain::CONTRACT } else { CONTRACT_YAML });
    Ok(())
}
