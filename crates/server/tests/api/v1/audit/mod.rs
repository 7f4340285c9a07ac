//! Operations below `/v1/audit`.

mod events;
