//! `/v1/api-keys`.

mod create;
mod delete;
mod get;
mod list;
mod update;
