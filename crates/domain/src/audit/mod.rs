//! The operation on the audit trail, and the events of [`denied_access`]. Events of changes are written by the statements that
//! mutate keys (`store::keys::write`) and users (`store::users`), so that neither happens without the other.

pub mod denied_access;
pub mod list_events;
