//! Gateways that ask Latchkey about each request, as `docs/gateways` configures them: the real programs, on the very files
//! that stand there, with other addresses. Before each is a [`caller::Caller`], behind it a [`recorder::Recorder`], and
//! beside it a Latchkey of its own; [`scene::Scene`] has them all.

mod caller;
mod gateway;
mod identity;
mod keys;
mod lua_failure;
mod questions;
mod recorder;
mod requests;
mod scene;
mod statuses;

/// Makes a test before each gateway of functions that take one.
macro_rules! before_each_gateway {
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
            }
        )*
    };
}
use before_each_gateway;
