//! The management listener, readiness during the shutdown, and the limit of open files.

use std::{
    fs,
    io::{BufReader, Write},
    net::{SocketAddr, TcpStream},
    process::{Command, Stdio},
};

use latchkey_test_support::{
    client::Client,
    program::{ADMIN_PASSWORD, Server, executable, serve},
    raw_http::read_response_blocking,
    response::Response,
    tempdir::TempDir,
    wait::wait_until,
};
use nix::sys::signal::Signal;
use serde_json::Value;

/// The log events of a server so far.
fn events(server: &Server) -> Vec<Value> {
    server.stdout().iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Waits for the line: log lines are written with a delay.
fn management_address(server: &Server) -> SocketAddr {
    let find = || events(server).into_iter().find(|event| event["message"] == "serving health and metrics");
    wait_until("the management listener", || find().is_some());
    find().unwrap()["address"].as_str().unwrap().parse().unwrap()
}

fn get(stream: &TcpStream, path: &str) -> Response {
    let mut stream = stream;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n").as_bytes()).unwrap();
    read_response_blocking(&mut BufReader::new(stream)).unwrap()
}

#[test]
fn the_management_listener_responds_while_the_other_is_full() {
    let directory = TempDir::new();
    let data = directory.data();
    let mut command = serve(&data);
    command.env("LATCHKEY_ADMIN_PASSWORD", ADMIN_PASSWORD).env("LATCHKEY_MANAGEMENT_LISTEN", "127.0.0.1:0");
    command.env("LATCHKEY_MAX_CONNECTIONS", "1");
    let server = Server::spawn(&mut command, Some(&data));
    let only = TcpStream::connect(server.address).unwrap();
    assert_eq!(get(&only, "/livez").text(), "alive\n");

    let management = Client::new(management_address(&server));
    assert_eq!(management.get("/livez").text(), "alive\n");
    wait_until("the server to be ready", || management.get("/readyz").text() == "ready\n");
    let metrics = management.get("/metrics");
    assert!(metrics.text().contains("\nlatchkey_http_open_connections 1\n"), "{metrics}");
    for path in ["/v1/users/me", "/v1/forward-auth", "/docs", "/openapi.json"] {
        assert_eq!(management.get(path).status, 404, "{path}");
    }
    // The metrics are there only, health is on both.
    assert_eq!(get(&only, "/metrics").status, 404);
    wait_until("the server to be ready", || get(&only, "/readyz").text() == "ready\n");
}

#[test]
fn after_sigterm_the_server_is_not_ready_but_serves_until_the_shutdown_delay_ends() {
    let directory = TempDir::new();
    let data = directory.data();
    let mut command = serve(&data);
    command.env("LATCHKEY_ADMIN_PASSWORD", ADMIN_PASSWORD).env("LATCHKEY_MANAGEMENT_LISTEN", "127.0.0.1:0");
    command.env("LATCHKEY_SHUTDOWN_DELAY", "1h");
    let server = Server::spawn(&mut command, Some(&data));
    let clients = [server.client(), Client::new(management_address(&server))];
    for client in &clients {
        wait_until("the server to be ready", || client.get("/readyz").status == 200);
    }

    server.signal(Signal::SIGTERM);
    for client in &clients {
        wait_until("the server to be not ready", || client.get("/readyz").status == 503);
        assert_eq!(client.get("/livez").status, 200);
    }
    // New connections too are served.
    let admin = server.client().logged_in("admin", ADMIN_PASSWORD);
    assert_eq!(admin.whoami().as_deref(), Ok("admin"));

    // A second signal ends the delay.
    assert_eq!(server.stop().code, Some(0));
}

#[test]
fn the_limit_of_open_files_is_raised_and_bounds_the_connections() {
    let directory = TempDir::new();
    let data = directory.data();
    let serve = serve(&data);
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -Sn 100 && ulimit -Hn 400 && exec \"$0\" serve"]).arg(executable());
    command.env_clear().stdin(Stdio::null()).env("LATCHKEY_ADMIN_PASSWORD", ADMIN_PASSWORD);
    command.envs(serve.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let server = Server::spawn(&mut command, Some(&data));

    let limits = fs::read_to_string(format!("/proc/{}/limits", server.pid())).unwrap();
    let files = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
    assert_eq!(files.split_whitespace().next(), Some("400"), "{files}");
    let events = events(&server);
    let lowered = events.iter().find(|event| event["max"].is_number()).expect("the lowered maximum is logged");
    assert_eq!((lowered["level"].as_str(), lowered["configured"].as_u64()), (Some("WARN"), Some(4096)), "{lowered}");
    assert!((200..350).contains(&lowered["max"].as_u64().unwrap()), "{lowered}");
}
