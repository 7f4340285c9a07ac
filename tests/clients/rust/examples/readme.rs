//! Runs the function that the client's README has as its example.

include!(env!("EXAMPLE"));

fn main() -> Result<(), Box<dyn std::error::Error>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(example())
}
