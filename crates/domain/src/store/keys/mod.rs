//! Statements on keys: those that read them (`read`), those that mutate them (`write`), and the one that finds
//! them by their hash (`lookup`).

pub mod lookup;
pub mod read;
pub mod write;
