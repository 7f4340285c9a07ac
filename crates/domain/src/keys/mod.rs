//! API keys: their format ([`key`]), how they are kept ([`hash`]), their records and status ([`record`]), and one file
//! for each operation on them.

pub mod create;
pub mod cursor;
pub mod delete;
pub mod get;
pub mod hash;
pub mod key;
pub mod list;
pub mod record;
pub mod update;
