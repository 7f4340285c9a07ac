//! Operations below `/v1/users`.

mod accounts;
mod me;
mod password;
