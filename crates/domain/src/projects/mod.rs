//! Projects: what administrators create, and what members read and change.

pub mod create;
pub mod get;
pub mod list;
pub mod origins;
pub mod update;
