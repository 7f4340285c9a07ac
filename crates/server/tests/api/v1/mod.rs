//! Operations below `/v1`.

mod api_keys;
mod audit;
mod forward_auth;
mod introspect;
mod projects;
mod revoke;
mod users;
