//! Gateways as processes, each with its configuration in `docs/gateways`.

use std::{
    env, fs,
    net::{Ipv4Addr, SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use latchkey_test_support::{program::Process, tempdir::TempDir, wait::wait_for};
use tokio::net::TcpSocket;

/// The addresses of Latchkey and the upstream in the documented files.
const LATCHKEY: &str = "127.0.0.1:8080";
const UPSTREAM: &str = "127.0.0.1:9000";
/// Names the Envoy to test with.
const ENVOY: &str = "LATCHKEY_TEST_ENVOY";
const LUA_SCRIPT: &str = "/etc/haproxy/latchkey.lua";

/// The program of a gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    Nginx,
    Haproxy,
    Caddy,
    Envoy,
}

/// A running gateway; it stops when this is dropped.
pub struct Gateway {
    pub address: SocketAddr,
    _process: Process,
    _scratch: TempDir,
    _port: TcpSocket,
}

impl Gateway {
    /// Starts a gateway with the documented configuration.
    pub fn start(program: Program, latchkey: SocketAddr, upstream: SocketAddr) -> Self {
        Self::start_on(program, program.documented(), latchkey, upstream)
    }

    /// Starts a gateway with a configuration that has the addresses of the documented one.
    pub fn start_on(program: Program, configuration: &str, latchkey: SocketAddr, upstream: SocketAddr) -> Self {
        let directory = TempDir::new();
        let (port, address) = reserve_port();
        let [latchkey_text, upstream_text] = [latchkey, upstream].map(|address| program.address_text(address));
        let configuration =
            replace_once(configuration, &program.address_text(UPSTREAM.parse().unwrap()), &upstream_text);
        let configuration =
            replace_once(&configuration, &program.address_text(LATCHKEY.parse().unwrap()), &latchkey_text);
        let mut command = program.command(directory.path(), &configuration, address);
        let mut process = Process::spawn(&mut command);
        wait_for("the gateway to listen", || {
            if let Some(output) = process.exited() {
                panic!("{program:?} exited: {output:#?}");
            }
            TcpStream::connect(address).ok()
        });
        Self { address, _process: process, _scratch: directory, _port: port }
    }
}

impl Program {
    /// The configuration in `docs/gateways`.
    pub fn documented(self) -> &'static str {
        match self {
            Self::Nginx => include_str!("../../../../../docs/gateways/nginx.conf"),
            Self::Haproxy => include_str!("../../../../../docs/gateways/haproxy.cfg"),
            Self::Caddy => include_str!("../../../../../docs/gateways/Caddyfile"),
            Self::Envoy => include_str!("../../../../../docs/gateways/envoy.yaml"),
        }
    }

    /// The name of the column in `docs/gateways/README.md`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Haproxy => "HAProxy",
            Self::Caddy => "Caddy",
            Self::Envoy => "Envoy",
        }
    }

    /// Whether it can be run here. Debian has no package of Envoy; `make test-rust` installs one and names it.
    pub fn is_available(self) -> bool {
        let is_available = self != Self::Envoy || env::var_os(ENVOY).is_some();
        if !is_available {
            eprintln!("skipped: {ENVOY} does not name an Envoy");
        }
        is_available
    }

    /// An address as its configuration has it.
    fn address_text(self, address: SocketAddr) -> String {
        match self {
            Self::Envoy => format!("address: {}, port_value: {}", address.ip(), address.port()),
            Self::Nginx | Self::Haproxy | Self::Caddy => address.to_string(),
        }
    }

    /// A command that runs it in the foreground, as one process, with all of its files in a directory.
    fn command(self, directory: &Path, configuration: &str, address: SocketAddr) -> Command {
        let path = |name: &str| directory.join(name);
        let write = |name: &str, text: &str| fs::write(path(name), text).unwrap();
        let mut command;
        match self {
            Self::Nginx => {
                write("gateway.conf", &replace_once(configuration, "listen 8000", &format!("listen {address}")));
                write(
                    "nginx.conf",
                    "daemon off; master_process off; pid pid; error_log stderr; events {}\n\
                     http { access_log off; client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;\n\
                     uwsgi_temp_path uwsgi; scgi_temp_path scgi; include gateway.conf; }",
                );
                command = Command::new(installed("nginx"));
                command.args(["-e", "stderr", "-c", "nginx.conf", "-p"]).arg(directory);
            }
            Self::Haproxy => {
                let script = path("latchkey.lua");
                write("latchkey.lua", include_str!("../../../../../docs/gateways/latchkey.lua"));
                let configuration = replace_once(configuration, LUA_SCRIPT, script.to_str().unwrap());
                write("haproxy.cfg", &replace_once(&configuration, "bind :8000", &format!("bind {address}")));
                command = Command::new(installed("haproxy"));
                command.args(["-db", "-f"]).arg(path("haproxy.cfg"));
            }
            Self::Caddy => {
                let site = replace_once(configuration, "http://:8000", &format!("http://:{}", address.port()));
                write("Caddyfile", &format!("{{\n\tadmin off\n\tdefault_bind {}\n}}\n{site}", address.ip()));
                command = Command::new(installed("caddy"));
                command.args(["run", "--adapter", "caddyfile", "--config"]).arg(path("Caddyfile"));
            }
            Self::Envoy => {
                let listen = self.address_text((Ipv4Addr::UNSPECIFIED, 8000).into());
                write("envoy.yaml", &replace_once(configuration, &listen, &self.address_text(address)));
                command = Command::new(env::var_os(ENVOY).unwrap());
                command.args(["--disable-hot-restart", "--concurrency", "1", "-l", "warn", "-c"]);
                command.arg(path("envoy.yaml"));
            }
        }
        command.env_clear().env("HOME", directory).stdin(Stdio::null()).current_dir(directory);
        command
    }
}

/// Reserves a free port of the loopback interface until the socket is dropped. The gateway can listen on it all the
/// same, because both set `SO_REUSEADDR` and this socket does not listen.
fn reserve_port() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

/// The path of a program. Debian keeps those of servers off the `PATH` of ordinary users.
fn installed(name: &str) -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let directories = env::split_paths(&path).chain(["/usr/sbin".into()]);
    let found = directories.map(|directory| directory.join(name)).find(|program| program.is_file());
    found.unwrap_or_else(|| panic!("{name} is not installed; install it as README.md says"))
}

/// Replaces a text that must occur exactly once, so that a change of the documented file does not go unnoticed.
fn replace_once(text: &str, old: &str, new: &str) -> String {
    assert_eq!(text.matches(old).count(), 1, "{old} must occur once in:\n{text}");
    text.replace(old, new)
}
