//! Statements on keys: those that read them (`read`), those that mutate them (`write`), the one that finds them by their
//! hash (`lookup`), and those that search them (`search`).

pub mod lookup;
pub mod read;
pub mod search;
pub mod write;
