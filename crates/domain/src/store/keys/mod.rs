//! Statements on keys: those that read them for their user (`read`), those that mutate them (`write`), and the one that finds
//! them by their hash (`lookup`).

pub(super) mod lookup;
pub mod read;
pub mod write;
