//! The embedded Postgres, or one of its processes, is killed or suspended: meanwhile the server responds 503 at worst,
//! then it recovers by itself, and every acknowledged write is there.

use std::{
    thread,
    time::{Duration, Instant},
};

use latchkey_test_support::{
    cluster::Cluster,
    database::{Session, TestDatabase, rows},
    load::Load,
    nodes::{self, PASSWORD, create_user},
    postgres::PrivatePostgres,
    program::{ADMIN_PASSWORD, Server, serve},
    tempdir::TempDir,
    wait::wait_until,
};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use reqwest::Method;
use serde_json::json;

fn assert_recovery_from_kill_of(choose: impl Fn(&Cluster) -> Pid) {
    let directory = TempDir::new();
    let data = directory.data();
    let mut command = serve(&data);
    // Requests that fail at once are soon more than the limit.
    command.env("LATCHKEY_ADMIN_PASSWORD", ADMIN_PASSWORD).env("LATCHKEY_WRITE_RATE_LIMIT", "none");
    let server = Server::spawn(&mut command, Some(&data));
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

/// Suspends the process of Postgres whose connection ran such a statement last. The connection stays open.
fn suspend_backend(postgres: &PrivatePostgres, statement: &str) -> Pid {
    let backend = format!(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'latchkey' AND query LIKE '{statement}' LIMIT 1"
    );
    let found = rows(postgres.url(), &backend);
    let [pid] = &found[..] else { panic!("no connection ran {statement}") };
    let pid = Pid::from_raw(pid.parse().unwrap());
    kill(pid, Signal::SIGSTOP).unwrap();
    pid
}

/// A node that hashes one password at a time, with a user who has logged in.
fn start_node_for_one_login_at_a_time(postgres: &PrivatePostgres) -> Server {
    create_user(postgres.url(), "alice", "member");
    let mut command = nodes::serve(postgres.url());
    command.env("LATCHKEY_PASSWORD_HASH_CONCURRENCY", "1").env("LATCHKEY_DB_READ_CONNECTIONS", "1");
    command.env("LATCHKEY_DB_ACQUIRE_TIMEOUT", "1s").env("LATCHKEY_DB_STATEMENT_TIMEOUT", "1s");
    let node = Server::spawn(command.env("LATCHKEY_REQUEST_TIMEOUT", "5s"), None);
    node.client().token("alice", PASSWORD);
    node
}

#[test]
fn logins_succeed_again_while_a_connection_of_theirs_never_responds() {
    let postgres = PrivatePostgres::start();
    let node = start_node_for_one_login_at_a_time(&postgres);
    for last_statement in ["%INTO%audit_events%", "%FROM principals u WHERE u.name = %"] {
        let suspended = suspend_backend(&postgres, last_statement);
        let response = node.client().log_in("alice", PASSWORD);
        assert!(response.is_unavailable(), "{response:?}");
        wait_until("a login", || node.client().log_in("alice", PASSWORD).status == 200);
        // A second one needs what the first returned.
        node.client().token("alice", PASSWORD);
        kill(suspended, Signal::SIGCONT).unwrap();
    }
    node.stop();
}

#[test]
fn logins_do_not_wait_for_the_connections_of_other_reads() {
    let postgres = PrivatePostgres::start();
    let node = start_node_for_one_login_at_a_time(&postgres);
    let alice = node.client().logged_in("alice", PASSWORD);
    assert_eq!(alice.get("/v1/users/me").status, 200);
    let suspended = suspend_backend(&postgres, "%FROM principals u WHERE u.id = %");
    let response = alice.get("/v1/users/me");
    assert!(response.is_unavailable(), "{response:?}");
    node.client().token("alice", PASSWORD);
    kill(suspended, Signal::SIGCONT).unwrap();
    node.stop();
}

#[test]
fn a_request_that_loses_a_deadlock_can_be_repeated() {
    let database = TestDatabase::empty_blocking();
    create_user(database.url(), "alice", "member");
    let node = Server::spawn(&mut nodes::serve(database.url()), None);
    let alice = node.client().logged_in("alice", PASSWORD);
    // Its record locks the row of the user, and then it waits for the table of keys.
    let create = || {
        let request = alice.request(Method::POST, "/v1/api-keys/").header("Idempotency-Key", "one");
        alice.send(request.json(&json!({ "description": null })))
    };
    let operator = Session::open(database.url());
    // The request waits first, so it detects the deadlock.
    operator.rows("SET deadlock_timeout = '1min'; BEGIN; LOCK TABLE api_keys IN SHARE ROW EXCLUSIVE MODE");
    thread::scope(|scope| {
        let creating = scope.spawn(create);
        let waits = "SELECT count(*) FROM pg_locks l WHERE NOT l.granted AND l.relation = 'api_keys'::regclass";
        wait_until("the request", || rows(database.url(), waits) == ["1"]);
        operator.rows("SELECT FROM users FOR UPDATE");
        let response = creating.join().unwrap();
        assert!(response.is_unavailable(), "{response:?}");
    });
    operator.rows("ROLLBACK");
    assert_eq!(create().status, 201);
    node.stop();
}
