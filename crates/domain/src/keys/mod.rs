//! API keys: their format ([`key`]), how they are kept ([`hash`]), their records and status ([`record`]), what narrows them
//! ([`policy`]), and one file for each operation on them.

pub mod create;
pub mod cursor;
pub mod delete;
pub mod etag;
pub mod get;
pub mod hash;
pub mod key;
pub mod lifecycle;
pub mod list;
pub mod making;
pub mod policy;
pub mod record;
pub mod revoke_held;
pub mod rotate;
pub mod set_policy;
pub mod update;
