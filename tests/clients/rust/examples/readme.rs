//! Code blocks of the client's README.

include!(env!("EXAMPLE"));
