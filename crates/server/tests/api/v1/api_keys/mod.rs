//! Operations below `/v1/api-keys`. `idempotency` and `preconditions` are about headers of several of them.

mod create;
mod delete;
mod disable;
mod get;
mod idempotency;
mod list;
mod metadata;
mod policy;
mod preconditions;
mod revoke;
mod rotate;
mod update;
mod verify;
