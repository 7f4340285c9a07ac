//! An example of the client's README.

include!(env!("EXAMPLE"));
