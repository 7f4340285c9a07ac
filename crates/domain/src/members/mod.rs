//! Members of projects: users and service accounts, each with a role.

pub mod create_service_account;
pub mod list;
pub mod remove;
pub mod set;
