//! The client of Latchkey, a self-hosted API-key service.
//!
//! [`Latchkey`] has a method for each operation, such as `latchkey.keys().create()`. It limits the time of a call,
//! repeats what is safe to repeat, logs in, and reads lists page by page. [`apis`] and [`models`] are the generated core
//! below it: a function for each operation, without all that.

#[allow(unused_imports, clippy::all)]
pub mod apis;
#[allow(unused_imports, clippy::all)]
pub mod models;

mod attempts;
mod call;
mod client;
mod credentials;
mod error;
mod pages;
pub mod resources;
#[cfg(feature = "tower")]
pub mod tower;
mod transport;

pub use call::{Call, Received};
pub use client::{Builder, Latchkey};
pub use error::{Error, ErrorKind};
pub use pages::Pages;
