//! A gateway with all that is around it.

use http::HeaderMap;

use super::{
    caller::Caller,
    gateway::{Gateway, Program},
    recorder::Recorder,
};
use crate::{
    client::Client,
    database::Database,
    nodes::serve,
    server::{Server, latchkey, run},
};

/// A gateway, the upstream behind it, and the Latchkey beside it. Whatever is dropped first needs the next.
pub struct Scene {
    pub gateway: Gateway,
    pub upstream: Recorder,
    pub latchkey: Server,
    pub database: Database,
}

impl Scene {
    pub fn set(program: Program) -> Self {
        let database = Database::create();
        let mut command = serve(&database.url);
        let latchkey = Server::start_by(command.env("LATCHKEY_TRUSTED_PROXIES", "127.0.0.1/32"), None);
        let upstream = Recorder::start(HeaderMap::new(), "hello");
        let gateway = Gateway::start(program, latchkey.address, upstream.address);
        Self { gateway, upstream, latchkey, database }
    }

    /// A client of the gateway.
    pub fn caller(&self) -> Caller {
        Caller::connect(self.gateway.address)
    }

    /// A client of Latchkey, logged in as a new user.
    pub fn user(&self, name: &str) -> Client {
        let mut command = latchkey(["user", "create", name, "--role", "member", "--password-stdin"]);
        let ended = run(command.env("DATABASE_URL", &self.database.url), "a user's password\n");
        assert_eq!(ended.code, Some(0), "{ended:?}");
        self.latchkey.client().logged_in(name, "a user's password")
    }

    pub fn disable_user(&self, name: &str) {
        let ended = run(latchkey(["user", "disable", name]).env("DATABASE_URL", &self.database.url), "");
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }
}
