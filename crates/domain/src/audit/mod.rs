//! The operation on the audit trail. The events themselves are written by the statements that mutate keys
//! (`store::keys::write`), so that neither happens without the other.

pub mod list_events;
