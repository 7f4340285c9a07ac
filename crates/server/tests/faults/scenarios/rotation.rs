//! A key is rotated many times concurrently, the response is lost, or the rotating node is killed: there is one
//! successor or none, and what was acknowledged is written.

use std::{io::Write, net::TcpStream, thread, time::Duration};

use latchkey_test_support::{
    client::Client,
    database::{TestDatabase, rows},
    program::Server,
    response::Response,
    wait::wait_until,
};
use serde_json::json;

use crate::{
    fleet::{Fleet, Key, NODES, Principal, Turn},
    prober::Outcome,
    report::{self, conclude},
    stats::Stats,
};

/// One round takes as long as this many rounds of other scenarios.
const COST: usize = 10;
const CONCURRENCY: usize = 50;
/// How many nodes are killed, whatever the number of rounds: each has to start again.
const KILLS: usize = 10;

const OPEN_TRANSACTIONS: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                                 AND pid <> pg_backend_pid() AND backend_xid IS NOT NULL";

fn rotate(client: &Client, id: i64, idempotency_key: Option<&str>) -> reqwest::Result<Response> {
    let mut request = client.request(reqwest::Method::POST, &format!("/v1/api-keys/{id}/rotate")).json(&json!({}));
    if let Some(key) = idempotency_key {
        request = request.header("Idempotency-Key", key);
    }
    request.send().and_then(Response::read)
}

fn rotate_concurrently(fleet: &Fleet, key: &Key, idempotency_key: Option<&str>) -> Vec<Response> {
    thread::scope(|scope| {
        let threads: Vec<_> = (0..CONCURRENCY)
            .map(|number| scope.spawn(move || rotate(&fleet.clients[number % NODES], key.id, idempotency_key).unwrap()))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn statuses(responses: &[Response]) -> Vec<u16> {
    responses.iter().map(|response| response.status.as_u16()).collect()
}

fn full_key(response: &Response) -> Option<String> {
    response.json()["full_key"].as_str().map(str::to_owned)
}

/// The ids of the successors in the database.
fn successors(database: &TestDatabase, key: &Key) -> Vec<String> {
    rows(database.url(), &format!("SELECT id FROM api_keys WHERE predecessor_id = {}", key.id))
}

fn is_valid(fleet: &Fleet, node: usize, secret: &str) -> bool {
    let key = Key { id: 0, secret: secret.to_owned(), principal: Principal::Administrator };
    fleet.prober(node, &key).probe() == Outcome::Valid
}

/// Creates a key in each round and rotates it by a function, after which it must have one successor.
fn rotate_in_rounds(rounds: usize, rotate: impl Fn(&Fleet, usize, &Key, &mut Stats)) -> Stats {
    let _turn = Turn::take();
    let database = TestDatabase::empty_blocking();
    let fleet = Fleet::on(&database);
    let mut stats = Stats::default();
    for round in 0..rounds {
        stats.rounds += 1;
        let key = fleet.create_key(round % NODES);
        rotate(&fleet, round, &key, &mut stats);
        let successors = successors(&database, &key);
        if successors.len() != 1 {
            stats.wrong.push(format!("successors: {successors:?}"));
        }
    }
    stats
}

#[test]
fn of_concurrent_rotations_one_succeeds() {
    let stats = rotate_in_rounds((report::rounds() / COST).max(2), |fleet, _, key, stats| {
        let statuses = statuses(&rotate_concurrently(fleet, key, None));
        let count = |status: u16| statuses.iter().filter(|other| **other == status).count();
        if (count(201), count(409)) != (1, CONCURRENCY - 1) {
            stats.wrong.push(format!("{statuses:?}"));
        }
    });
    let scenario = "50 concurrent rotations of one key, at three nodes";
    conclude(100, scenario, &stats, "one 201, 49 times 409, one successor");
}

#[test]
fn concurrent_rotations_with_one_idempotency_key_return_the_same_secret() {
    let stats = rotate_in_rounds((report::rounds() / COST).max(2), |fleet, round, key, stats| {
        let responses = rotate_concurrently(fleet, key, Some(&format!("rotation-{round}")));
        let secret = full_key(&responses[0]);
        if responses.iter().any(|response| response.status != 201 || full_key(response) != secret) {
            stats.wrong.push(format!("not the same: {:?}", statuses(&responses)));
        } else if !is_valid(fleet, round % NODES, &secret.unwrap()) {
            stats.lost.push("the secret of the successor is invalid".to_owned());
        }
    });
    let scenario = "50 concurrent rotations with one Idempotency-Key";
    conclude(101, scenario, &stats, "50 times 201 with the same secret, one successor");
}

#[test]
fn a_rotation_whose_response_is_lost_can_be_retried() {
    let stats = rotate_in_rounds(report::rounds(), |fleet, round, key, stats| {
        let idempotency_key = format!("lost-{round}");
        let mut stream = TcpStream::connect(fleet.nodes[round % NODES].address).unwrap();
        let request = format!(
            "POST /v1/api-keys/{}/rotate HTTP/1.1\r\nHost: latchkey\r\nAuthorization: Bearer {}\r\n\
             Idempotency-Key: {idempotency_key}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}",
            key.id, fleet.token
        );
        stream.write_all(request.as_bytes()).unwrap();
        // At every stage of the request, and after it.
        thread::sleep(Duration::from_micros(round as u64 * 700 % 20_000));
        drop(stream);
        let response = rotate(&fleet.clients[(round + 1) % NODES], key.id, Some(&idempotency_key)).unwrap();
        if response.status != 201 {
            stats.wrong.push(format!("{response:?}"));
        } else if !is_valid(fleet, round % NODES, &full_key(&response).unwrap()) {
            stats.lost.push("the secret of the successor is invalid".to_owned());
        }
    });
    let scenario = "the response to a rotation is lost, and the request is retried";
    conclude(102, scenario, &stats, "one successor, its secret is valid");
}

#[test]
fn a_node_is_killed_during_a_rotation() {
    let _turn = Turn::take();
    let database = TestDatabase::empty_blocking();
    let mut fleet = Fleet::on(&database);
    let mut stats = Stats::default();
    let (mut completed, mut acknowledged) = (0, 0);
    for round in 0..KILLS {
        stats.rounds += 1;
        let key = fleet.create_key(1);
        let client = fleet.clients[0].clone();
        // Opens the connection, so that the kill falls into the rotation.
        client.get("/livez");
        let rotation = thread::spawn(move || rotate(&client, key.id, None).ok());
        thread::sleep(Duration::from_micros(round as u64 * 3_000));
        fleet.replace(0, Server::kill);
        let response = rotation.join().unwrap();
        // Postgres does not roll back at once when the client of a running statement is killed.
        wait_until("the killed node's transactions to end", || rows(database.url(), OPEN_TRANSACTIONS) == ["0"]);
        let old = fleet.clients[1].get(&format!("/v1/api-keys/{}", key.id)).json();
        let events = rows(
            database.url(),
            &format!("SELECT count(*) FROM audit_events WHERE key_id = {} AND action = 'rotate'", key.id),
        );
        let state = (old["status"].as_str().unwrap(), successors(&database, &key).len(), events[0].as_str());
        match state {
            ("revoked", 1, "1") => completed += 1,
            ("active", 0, "0") => {}
            state => stats.wrong.push(format!("partially written: {state:?}")),
        }
        if let Some(response) = response.filter(|response| response.status == 201) {
            acknowledged += 1;
            if !is_valid(&fleet, 1, &full_key(&response).unwrap()) {
                stats.lost.push(format!("{state:?} {response:?}"));
            }
        }
    }
    let notes = format!("{completed} completed, {acknowledged} of them acknowledged; the others left no trace");
    conclude(103, "a node is killed while it rotates a key", &stats, &notes);
}
