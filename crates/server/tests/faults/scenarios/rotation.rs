//! A key is rotated many times at once, its answer gets lost, or the node that rotates it is killed: there is one successor
//! or none, and what was acknowledged is so.

use std::{io::Write, net::TcpStream, thread, time::Duration};

use serde_json::json;

use crate::{
    asker::Answer,
    client::{self, Client},
    database::{Database, rows},
    fleet::{Fleet, Key, NODES, Turn},
    report::{self, conclude},
    server::Server,
    tally::Tally,
    wait::wait_until,
};

/// How many rounds of other scenarios take as long as one of these.
const COST: usize = 10;
const AT_ONCE: usize = 50;
/// Nodes that are killed, whatever the number of rounds: each has to start again.
const KILLS: usize = 10;

fn rotate(client: &Client, id: i64, idempotency_key: Option<&str>) -> reqwest::Result<client::Answer> {
    let mut request = client.request(reqwest::Method::POST, &format!("/v1/api-keys/{id}/rotate")).json(&json!({}));
    if let Some(key) = idempotency_key {
        request = request.header("Idempotency-Key", key);
    }
    request.send().and_then(client::Answer::of)
}

fn rotate_at_once(fleet: &Fleet, key: &Key, idempotency_key: Option<&str>) -> Vec<client::Answer> {
    thread::scope(|scope| {
        let clients: Vec<_> = (0..AT_ONCE)
            .map(|number| scope.spawn(move || rotate(&fleet.clients[number % NODES], key.id, idempotency_key).unwrap()))
            .collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    })
}

/// The ids of the successors, by the database.
fn successors(database: &Database, key: &Key) -> Vec<String> {
    rows(&database.url, &format!("SELECT id FROM api_keys WHERE predecessor_id = {}", key.id))
}

fn is_good(fleet: &Fleet, node: usize, secret: &str) -> bool {
    fleet.asker(node, &Key { id: 0, secret: secret.to_owned() }).ask() == Answer::Valid
}

/// Rotates a key for each round, in some way that must leave it with one successor.
fn rotate_in_rounds(rounds: usize, rotate: impl Fn(&Fleet, usize, &Key, &mut Tally)) -> Tally {
    let _turn = Turn::take();
    let database = Database::create();
    let fleet = Fleet::on(&database);
    let mut tally = Tally::default();
    for round in 0..rounds {
        tally.rounds += 1;
        let key = fleet.create_key(round % NODES);
        rotate(&fleet, round, &key, &mut tally);
        let made = successors(&database, &key);
        if made.len() != 1 {
            tally.wrong.push(format!("successors: {made:?}"));
        }
    }
    tally
}

#[test]
fn of_rotations_at_once_one_is_done() {
    let tally = rotate_in_rounds((report::rounds() / COST).max(2), |fleet, _, key, tally| {
        let answers = rotate_at_once(fleet, key, None);
        let of_status = |status: u16| answers.iter().filter(|answer| answer.status == status).count();
        if (of_status(201), of_status(409)) != (1, AT_ONCE - 1) {
            let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
            tally.wrong.push(format!("{statuses:?}"));
        }
    });
    conclude(100, "50 rotations of one key at once, over three nodes", &tally, "one 201, 49 times 409, one successor");
}

#[test]
fn of_rotations_at_once_with_one_idempotency_key_all_get_the_same() {
    let tally = rotate_in_rounds((report::rounds() / COST).max(2), |fleet, round, key, tally| {
        let answers = rotate_at_once(fleet, key, Some(&format!("rotation-{round}")));
        let secret = |answer: &client::Answer| (answer.status, answer.json()["full_key"].as_str().map(str::to_owned));
        let first = secret(&answers[0]);
        if first.0 != 201 || answers.iter().any(|answer| secret(answer) != first) {
            let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
            tally.wrong.push(format!("not the same: {statuses:?}"));
        } else if !is_good(fleet, round % NODES, &first.1.unwrap()) {
            tally.lost.push("the secret of the successor is not good".to_owned());
        }
    });
    let fault = "50 rotations at once with one Idempotency-Key";
    conclude(101, fault, &tally, "50 times 201 with the same secret, one successor");
}

#[test]
fn a_rotation_whose_answer_is_lost_is_sent_again_and_done_once() {
    let tally = rotate_in_rounds(report::rounds(), |fleet, round, key, tally| {
        let idempotency_key = format!("lost-{round}");
        let mut stream = TcpStream::connect(fleet.nodes[round % NODES].address).unwrap();
        let request = format!(
            "POST /v1/api-keys/{}/rotate HTTP/1.1\r\nHost: latchkey\r\nAuthorization: Bearer {}\r\n\
             Idempotency-Key: {idempotency_key}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}",
            key.id, fleet.token
        );
        stream.write_all(request.as_bytes()).unwrap();
        // At every stage of the work, and after it.
        thread::sleep(Duration::from_micros(round as u64 * 700 % 20_000));
        drop(stream);
        let answer = rotate(&fleet.clients[(round + 1) % NODES], key.id, Some(&idempotency_key)).unwrap();
        if answer.status != 201 {
            tally.wrong.push(format!("{answer:?}"));
        } else if !is_good(fleet, round % NODES, answer.json()["full_key"].as_str().unwrap()) {
            tally.lost.push("the secret of the successor is not good".to_owned());
        }
    });
    conclude(
        102,
        "the answer to a rotation is lost, and it is sent again",
        &tally,
        "one successor, its secret is good",
    );
}

#[test]
fn a_node_is_killed_while_it_rotates() {
    let _turn = Turn::take();
    let database = Database::create();
    let mut fleet = Fleet::on(&database);
    let mut tally = Tally::default();
    let (mut done, mut acknowledged) = (0, 0);
    for round in 0..KILLS {
        tally.rounds += 1;
        let key = fleet.create_key(1);
        let client = fleet.clients[0].clone();
        // The connection stands, so that the moment is one of the rotation's.
        client.get("/livez");
        let rotation = thread::spawn(move || rotate(&client, key.id, None).ok());
        thread::sleep(Duration::from_micros(round as u64 * 3_000));
        fleet.replace(0, Server::kill);
        let answer = rotation.join().unwrap();
        // A statement that was under way when its client was killed is not undone at once.
        wait_until("the killed node's statements to end", || rows(&database.url, IN_TRANSACTION) == ["0"]);
        let old = fleet.clients[1].get(&format!("/v1/api-keys/{}", key.id)).json();
        let events = rows(
            &database.url,
            &format!("SELECT count(*) FROM audit_events WHERE key_id = {} AND action = 'rotate'", key.id),
        );
        let state = (old["status"].as_str().unwrap(), successors(&database, &key).len(), events[0].as_str());
        match state {
            ("revoked", 1, "1") => done += 1,
            ("active", 0, "0") => {}
            state => tally.wrong.push(format!("half done: {state:?}")),
        }
        if let Some(answer) = answer.filter(|answer| answer.status == 201) {
            acknowledged += 1;
            if !is_good(&fleet, 1, answer.json()["full_key"].as_str().unwrap()) {
                tally.lost.push(format!("{state:?} {answer:?}"));
            }
        }
    }
    let note = format!("{done} done as a whole, {acknowledged} of them acknowledged; the others not at all");
    conclude(103, "a node is killed while it rotates a key", &tally, &note);
}

const IN_TRANSACTION: &str = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                              AND pid <> pg_backend_pid() AND backend_xid IS NOT NULL";
