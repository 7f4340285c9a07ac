//! What befalls a key between its creation and its end, mirroring the paths below `/v1/api-keys/{item_id}`.

mod disable;
mod idempotency;
mod policy;
mod preconditions;
mod revoke;
mod rotate;
