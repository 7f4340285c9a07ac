//! Operations below `/v1`.

mod api_keys;
mod audit;
mod forward_auth;
mod introspect;
mod revoke;
mod users;
