//! SIGTERM and SIGINT complete active requests, stop Postgres, and leave nothing behind.

use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    time::{Duration, Instant},
};

use latchkey_test_support::{
    cluster::{Cluster, processes_with},
    program::{ADMIN_PASSWORD, Process, ProcessOutput, Server, serve},
    tempdir::TempDir,
    wait::wait_until,
};
use nix::sys::signal::{Signal, kill};

const BODY: &str = r#"{"description": "under way"}"#;

/// A request to create a key, with half of its body sent.
struct PartialRequest {
    stream: TcpStream,
    rest: &'static str,
}

impl PartialRequest {
    fn send(address: SocketAddr, token: &str) -> Self {
        let (first, rest) = BODY.split_at(BODY.len() / 2);
        let head = format!(
            "POST /v1/api-keys/ HTTP/1.1\r\nHost: latchkey\r\nAuthorization: Bearer {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
            BODY.len()
        );
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        // The server requests the body once it has authenticated the caller.
        let mut interim = [0; 25];
        stream.read_exact(&mut interim).unwrap();
        assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
        stream.write_all(first.as_bytes()).unwrap();
        Self { stream, rest }
    }

    /// Sends the rest, and returns everything that arrives until the server closes the connection.
    fn finish(mut self) -> String {
        self.stream.write_all(self.rest.as_bytes()).unwrap();
        let mut response = String::new();
        self.stream.read_to_string(&mut response).unwrap();
        response
    }
}

fn assert_nothing_is_left(data: &Path, cluster: &Cluster) {
    // At once, without waiting.
    let left: Vec<String> = cluster.processes().into_iter().map(|process| process.command_line).collect();
    assert_eq!(left, Vec::<String>::new());
    assert_eq!(cluster.postmaster(), None);
    let sockets = fs::read_dir(data.join("socket")).unwrap().count();
    assert_eq!(sockets, 0, "a socket is left");
}

fn assert_active_request_completes(signal: Signal) {
    let directory = TempDir::new();
    let data = directory.data();
    let server = Server::start(&data);
    let token = server.client().token("admin", ADMIN_PASSWORD);
    wait_until("the server to be ready", || server.client().get("/readyz").text() == "ready\n");
    let under_way = PartialRequest::send(server.address, &token);
    let idle = TcpStream::connect(server.address).unwrap();

    server.signal(signal);
    wait_until("the server to reject new connections", || TcpStream::connect(server.address).is_err());
    let response = under_way.finish();
    assert!(response.starts_with("HTTP/1.1 201 Created\r\n"), "{response}");
    assert!(response.to_lowercase().contains("\r\nconnection: close\r\n"), "{response}");
    let cluster = server.cluster().clone();
    let watchers = cluster.watchers();
    assert_eq!(watchers.len(), 1);
    let output = server.wait();
    drop(idle);
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(output.stdout.ends_with('}'), "{output:?}");
    assert!(output.stdout.lines().last().unwrap().contains("\"message\":\"stopped\""), "{output:?}");
    assert_nothing_is_left(&data, &cluster);

    // The last acknowledged write is there.
    let server = Server::start(&data);
    let keys = server.client().with_token(&token).get("/v1/api-keys/").json();
    assert_eq!(keys[0]["description"], "under way");
    server.stop();
}

#[test]
fn sigterm_completes_active_requests_and_leaves_nothing_behind() {
    assert_active_request_completes(Signal::SIGTERM);
}

#[test]
fn sigint_completes_active_requests_and_leaves_nothing_behind() {
    assert_active_request_completes(Signal::SIGINT);
}

#[test]
fn a_stuck_request_delays_the_shutdown_no_longer_than_the_drain_timeout() {
    let directory = TempDir::new();
    let data = directory.data();
    let mut command = serve(&data);
    command.env("LATCHKEY_ADMIN_PASSWORD", ADMIN_PASSWORD).env("LATCHKEY_DRAIN_TIMEOUT", "500ms");
    let server = Server::spawn(&mut command, Some(&data));
    let stuck = PartialRequest::send(server.address, &server.client().token("admin", ADMIN_PASSWORD));
    let cluster = server.cluster().clone();
    let started = Instant::now();
    let output = server.stop();
    assert!(started.elapsed() >= Duration::from_millis(500));
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    assert_eq!(output.code, Some(0), "{output:?}");
    assert!(output.stdout.contains("requests were still in flight when the drain timeout expired"), "{output:?}");
    assert_nothing_is_left(&data, &cluster);
    drop(stuck);
}

#[test]
fn idle_connections_do_not_delay_the_shutdown() {
    let directory = TempDir::new();
    let data = directory.data();
    let mut command = serve(&data);
    for timeout in ["LATCHKEY_DRAIN_TIMEOUT", "LATCHKEY_IDLE_TIMEOUT", "LATCHKEY_HEADER_TIMEOUT"] {
        command.env(timeout, "1h");
    }
    let server = Server::spawn(&mut command, Some(&data));
    // HTTP/2 clients that acknowledge nothing: one without a request, and one whose request (GET /livez) has its response.
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00".to_vec();
    let get = b"\x00\x00\x0d\x01\x05\x00\x00\x00\x01\x82\x86\x04\x06/livez\x41\x01a";
    let idle = [preface.clone(), [&preface[..], &get[..]].concat()].map(|bytes| {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.write_all(&bytes).unwrap();
        stream.read_exact(&mut [0; 9]).unwrap();
        stream
    });
    // More than the frames with which the server begins.
    wait_until("the response", || idle[1].peek(&mut [0; 128]).is_ok_and(|count| count == 128));
    let started = Instant::now();
    let output = server.stop();
    assert!(!output.stdout.contains("requests were still in flight"), "{output:?}");
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
    drop(idle);
}

/// Starts a server, and stops it as soon as a condition holds.
fn stop_while_starting(data: &Path, moment: impl FnMut() -> bool) -> ProcessOutput {
    let mut process = Process::spawn(serve(data).env("LATCHKEY_ADMIN_PASSWORD", ADMIN_PASSWORD));
    wait_until("the start to reach this point", moment);
    kill(process.pid(), Signal::SIGTERM).unwrap();
    process.wait()
}

#[test]
fn an_interrupted_start_leaves_nothing_running_and_the_next_one_succeeds() {
    let directory = TempDir::new();
    let data = directory.data();
    // While initdb runs.
    let output = stop_while_starting(&data, || {
        fs::read_dir(&data).is_ok_and(|entries| {
            entries.filter_map(Result::ok).any(|entry| entry.file_name().to_string_lossy().starts_with("postgres.new-"))
        })
    });
    assert_eq!(output.code, Some(0), "{output:?}");
    let path = data.display().to_string();
    wait_until("initdb to end", || processes_with(&path).is_empty());

    // While Postgres starts.
    let output =
        stop_while_starting(&data, || Cluster::find(&data).is_some_and(|cluster| cluster.postmaster().is_some()));
    assert_eq!(output.code, Some(0), "{output:?}");
    Cluster::find(&data).unwrap().wait_until_gone();

    let server = Server::start(&data);
    assert_eq!(server.admin().whoami().as_deref(), Ok("admin"));
    server.stop();
}
