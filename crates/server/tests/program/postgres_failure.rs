//! The embedded Postgres, or one of its processes, is killed or suspended: meanwhile the server responds 503 at worst,
//! then it recovers by itself, and every acknowledged write is there.

use std::time::{Duration, Instant};

use latchkey_test_support::{
    cluster::Cluster,
    load::Load,
    program::{ADMIN_PASSWORD, Server, serve},
    tempdir::TempDir,
    wait::wait_until,
};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

fn assert_recovery_from_kill_of(choose: impl Fn(&Cluster) -> Pid) {
    let directory = TempDir::new();
    let server = Server::start(&directory.data());
    let token = server.client().token("admin", ADMIN_PASSWORD);
    let client = server.client().with_token(&token);
    let load = Load::start(server.address, &token);
    for _ in 0..2 {
        load.wait_for_more(100);
        let victim = choose(server.cluster());
        let started = Instant::now();
        kill(victim, Signal::SIGKILL).unwrap();
        wait_until("the killed process to end", || server.cluster().processes().iter().all(|one| one.pid != victim));
        wait_until("the server to be ready", || {
            let response = server.client().get("/readyz");
            assert!(response.status == 200 || response.is_unavailable(), "{response:?}");
            response.status == 200
        });
        println!("ready again {:?} after the kill", started.elapsed());
        load.wait_for_more(100);
    }
    let ledger = load.stop();
    println!("{} responses of 503", ledger.unavailable);
    ledger.assert_durable(&client);
    assert_eq!(ledger.unanswered, 0, "the server left requests without a response");
    assert!(ledger.unavailable > 0, "no request noticed the kill");
    let output = server.stop();
    assert_eq!(output.code, Some(0), "{output:?}");
}

#[test]
fn the_server_recovers_from_a_killed_postmaster() {
    assert_recovery_from_kill_of(|cluster| cluster.postmaster().unwrap());
}

#[test]
fn the_server_recovers_from_a_killed_backend() {
    assert_recovery_from_kill_of(|cluster| cluster.backends()[0]);
}

#[test]
fn a_suspended_postgres_times_out_and_is_used_again_when_it_resumes() {
    let directory = TempDir::new();
    let data = directory.data();
    let mut command = serve(&data);
    command.env("LATCHKEY_ADMIN_PASSWORD", ADMIN_PASSWORD).env("LATCHKEY_REQUEST_TIMEOUT", "1s");
    let server = Server::spawn(&mut command, Some(&data));
    let client = server.admin();
    let (id, key) = client.create_key("before");
    server.cluster().signal(Signal::SIGSTOP);
    let started = Instant::now();
    let responses = [
        server.client().get("/readyz"),
        server.client().with_key(&key).get("/v1/users/me"),
        client.describe_key(id, "while suspended"),
    ];
    for response in responses {
        assert!(response.is_unavailable(), "{response:?}");
    }
    assert!(started.elapsed() < Duration::from_secs(8), "{:?}", started.elapsed());
    assert_eq!(server.client().get("/livez").status, 200);

    server.cluster().signal(Signal::SIGCONT);
    wait_until("the server to be ready", || server.client().get("/readyz").status == 200);
    assert_eq!(client.describe_key(id, "after").status, 200);
    assert_eq!(client.get(&format!("/v1/api-keys/{id}")).json()["description"], "after");
    server.stop();
}
