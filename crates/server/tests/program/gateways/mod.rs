//! Gateways that authorize each request with a subrequest to Latchkey: the real programs, with the configuration files
//! in `docs/gateways` but other addresses. [`fixture::Fixture`] has a gateway, the upstream behind it, and its own
//! Latchkey.

mod fixture;
mod gateway;
mod gateway_client;
mod identity;
mod keys;
mod lua_failure;
mod recorder;
mod requests;
mod short_configuration;
mod statuses;
mod subrequests;

/// Defines a test with each gateway for functions that take a [`gateway::Program`].
macro_rules! with_each_gateway {
    ($($check:ident),* $(,)?) => {
        $(
            mod $check {
                use crate::gateways::gateway::Program;

                #[test]
                fn nginx() {
                    super::$check(Program::Nginx);
                }

                #[test]
                fn haproxy() {
                    super::$check(Program::Haproxy);
                }

                #[test]
                fn caddy() {
                    super::$check(Program::Caddy);
                }

                #[test]
                fn envoy() {
                    if Program::Envoy.is_available() {
                        super::$check(Program::Envoy);
                    }
                }
            }
        )*
    };
}
use with_each_gateway;
