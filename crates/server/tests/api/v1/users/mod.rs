//! Operations below `/v1/users`.

mod me;
