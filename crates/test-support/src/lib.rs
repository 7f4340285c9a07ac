//! What the integration tests of Latchkey share: servers in this process and as processes, databases, proxies, clients.
//!
//! Everything that this crate starts stops when its value is dropped, also when a test panics. Functions panic when a
//! step fails that is not the subject of a test.

#![expect(clippy::missing_panics_doc, reason = "functions panic when a step fails that is not the subject of a test")]

pub mod app;
pub mod certificates;
pub mod client;
pub mod cluster;
pub mod database;
pub mod load;
pub mod nodes;
pub mod openapi;
pub mod pgbouncer;
pub mod postgres;
pub mod program;
pub mod project;
pub mod raw_http;
pub mod response;
pub mod tcp_proxy;
pub mod tempdir;
pub mod wait;

use std::sync::Once;

/// Installs the process-wide TLS provider.
///
/// The test clients speak plain HTTP, but reqwest requires a provider because the server crate enables its TLS support.
fn install_tls_provider() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        // Another part of the process may have installed one before; either will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}
