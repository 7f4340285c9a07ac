//! A gateway with everything that it needs.

use http::HeaderMap;
use latchkey_test_support::{
    client::Client,
    database::TestDatabase,
    nodes::{PASSWORD, create_user, serve},
    program::{Server, latchkey, run},
};

use super::{
    gateway::{Gateway, Program},
    gateway_client::GatewayClient,
    recorder::Recorder,
};

/// A gateway, the upstream behind it, and its Latchkey. The fields are dropped in this order: each needs the next.
pub struct Fixture {
    pub gateway: Gateway,
    pub upstream: Recorder,
    pub latchkey: Server,
    pub database: TestDatabase,
}

impl Fixture {
    /// Starts all of them, the gateway with the documented configuration.
    pub fn start(program: Program) -> Self {
        Self::start_on(program, program.documented())
    }

    /// Starts all of them, the gateway with a configuration that has the addresses of the documented one.
    pub fn start_on(program: Program, configuration: &str) -> Self {
        let database = TestDatabase::empty_blocking();
        let mut command = serve(database.url());
        let latchkey = Server::spawn(command.env("LATCHKEY_TRUSTED_PROXIES", "127.0.0.1/32"), None);
        let upstream = Recorder::start(HeaderMap::new(), "hello");
        let gateway = Gateway::start_on(program, configuration, latchkey.address, upstream.address);
        Self { gateway, upstream, latchkey, database }
    }

    /// A client of the gateway.
    pub fn client(&self) -> GatewayClient {
        GatewayClient::connect(self.gateway.address)
    }

    /// A client of Latchkey, logged in as a new member.
    pub fn member(&self, name: &str) -> Client {
        create_user(self.database.url(), name, "member");
        self.latchkey.client().logged_in(name, PASSWORD)
    }

    /// Disables a user.
    pub fn disable_user(&self, name: &str) {
        run(latchkey(["user", "disable", name]).env("DATABASE_URL", self.database.url()), "").success();
    }
}
