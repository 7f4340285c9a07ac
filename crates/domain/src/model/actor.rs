//! Who does something.

use super::Caller;

/// Who does something: the caller of a request, as far as its rights go, or an operator by a command of the program, who has access to
/// the database and so may do everything.
#[derive(Debug, Clone, Copy)]
pub enum Actor<'a> {
    /// The caller of a request.
    Caller(&'a Caller),
    /// An operator. Latchkey does not know which.
    Command,
}

impl<'a> From<&'a Caller> for Actor<'a> {
    fn from(caller: &'a Caller) -> Self {
        Self::Caller(caller)
    }
}
