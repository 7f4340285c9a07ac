//! Owners: the customers of the deployer, to whom keys are issued.

pub mod delete;
pub mod get;
pub mod list;
pub mod upsert;
