//! No secret is disclosed: a session uses every kind of secret, where it belongs and where it does not, with the most
//! verbose log; then everything that was printed, logged, exported as metrics, stored, or returned in errors is
//! searched for them.

use std::{
    collections::BTreeSet,
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::Command,
};

use latchkey_server::embedded::EmbeddedPostgres;
use latchkey_test_support::{
    client::Client,
    database::rows,
    program::{ProcessOutput, Server, latchkey, run, secret_files, serve},
    response::Response,
    tempdir::TempDir,
    wait::wait_for,
};
use reqwest::Method;
use serde_json::{Value, json};

/// 32 bytes in base64.
const PEPPER: &str = "cGVwcGVyLXBlcHBlci1wZXBwZXItcGVwcGVyLXBlcHA=";
const PEPPER_BYTES: &str = "pepper-pepper-pepper-pepper-pepp";
const PASSWORD: &str = "alice-password-3f9a";
const NEW_PASSWORD: &str = "alice-new-password-77c1";
/// Not a secret: it must be found wherever descriptions are stored, or the search does not work.
const CANARY: &str = "canary-c0ffee";
/// How many characters of a random secret must not be found.
const SEARCHED_LENGTH: usize = 16;

/// The secrets, and the files to search.
struct Session {
    directory: TempDir,
    secrets: BTreeSet<String>,
}

impl Session {
    /// Registers a secret, and returns it.
    fn secret(&mut self, text: impl Into<String>) -> String {
        let text = text.into();
        self.secrets.insert(text.clone());
        text
    }

    /// Registers a key. Its first 12 characters are shown in the record.
    fn key(&mut self, key: &str) {
        self.secret(&key[12..12 + SEARCHED_LENGTH]);
    }

    /// Registers each part of a bearer token.
    fn token(&mut self, token: &str) {
        for part in token.split('.').skip(1) {
            self.secret(&part[part.len() - SEARCHED_LENGTH..]);
        }
    }

    /// Writes a text to a file that is searched.
    fn evidence(&self, name: &str, text: &str) {
        let directory = self.directory.path().join("evidence");
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join(name), text).unwrap();
    }

    fn output(&self, name: &str, output: &ProcessOutput) {
        self.evidence(&format!("{name}-stdout"), &output.stdout);
        self.evidence(&format!("{name}-stderr"), &output.stderr);
    }

    /// `latchkey user …` while the server runs.
    fn user(&self, arguments: &[&str], input: &str) {
        let mut command = latchkey(["user"]);
        command.args(arguments).env("LATCHKEY_DATA_DIR", self.directory.data()).env("LATCHKEY_LOG", "trace");
        let output = run(command.env("LATCHKEY_PEPPERS", format!("1:{PEPPER}")), input);
        assert_eq!(output.code, Some(0), "{output:?}");
        self.output(&format!("user-{}", arguments[0]), &output);
    }
}

#[test]
fn no_secret_is_disclosed() {
    let mut session = Session { directory: TempDir::new(), secrets: BTreeSet::new() };
    session.secrets.extend([PEPPER, PEPPER_BYTES, PASSWORD, NEW_PASSWORD].map(str::to_owned));
    let data = session.directory.data();
    let mut command = serve(&data);
    command.env("LATCHKEY_LOG", "trace,tokio_postgres=trace").env("LATCHKEY_PEPPERS", format!("1:{PEPPER}"));
    let server = Server::spawn(&mut command, Some(&data));
    let [token_secret, _] = secret_files(&data);
    session.secret(fs::read_to_string(&token_secret).unwrap().trim());
    let password = wait_for("the generated password", || server.stderr().get(3).cloned());
    let admin_password = password.trim().to_owned();

    let client = use_credentials(&mut session, &server.client(), &admin_password);
    exercise_keys(&mut session, &server.client(), &client);
    misplace_secrets(&mut session, &client);
    misplace_secrets_in_verification(&mut session, &client);
    send_invalid_http(&mut session, &server);
    let url = EmbeddedPostgres::running_database_url(&data).unwrap();
    fail_statements(&mut session, &client, &url);
    session.evidence("metrics", server.client().get("/metrics").text());
    session.evidence("tables", &tables(&url).join("\n"));
    session.evidence("environments", &environments(&server));

    let mut output = server.stop();
    assert_eq!(output.stderr.matches(&admin_password).count(), 2, "printed by itself, and in the curl line");
    output.stderr = output.stderr.replace(&admin_password, "");
    session.secret(admin_password);
    session.output("server", &output);
    fs::remove_file(token_secret).unwrap();

    let patterns: BTreeSet<String> = session.secrets.iter().flat_map(|secret| forms(secret)).collect();
    let found = files_with(session.directory.path(), &patterns);
    assert_eq!(found, Vec::<String>::new());
    let canaries = files_with(session.directory.path(), &forms(CANARY).into());
    for place in ["evidence/tables", "data/postgres/pg_wal", "data/postgres/base"] {
        assert!(canaries.iter().any(|canary| canary.contains(place)), "no canary in {place}: {canaries:?}");
    }
}

/// Uses every secret where it belongs. Returns a client with a valid token.
fn use_credentials(session: &mut Session, nobody: &Client, admin_password: &str) -> Client {
    let token = nobody.token("admin", admin_password);
    session.token(&token);
    let admin = nobody.with_token(&token);
    let (id, key) = admin.create_key(CANARY);
    session.key(&key);
    assert_eq!(nobody.with_key(&key).whoami().as_deref(), Ok("admin"));
    assert_eq!(nobody.with_key(&key).describe_key(id, CANARY).status, 200);
    let both = admin.request(Method::GET, "/v1/users/me").header("x-api-key", &key);
    assert_eq!(admin.send(both).status, 200);

    session.user(&["create", "alice", "--role", "member", "--password-stdin"], PASSWORD);
    let token = nobody.token("alice", PASSWORD);
    session.token(&token);
    let (id, key) = nobody.with_token(&token).create_key(CANARY);
    session.key(&key);
    let delete = admin.request(Method::DELETE, &format!("/v1/api-keys/{id}")).bearer_auth(&token);
    // More than one Authorization header is rejected.
    assert_eq!(admin.send(delete).status, 401);
    session.user(&["set-password", "alice", "--password-stdin"], NEW_PASSWORD);
    assert_eq!(nobody.with_token(&token).whoami(), Err(401));
    let token = nobody.token("alice", NEW_PASSWORD);
    session.token(&token);
    session.user(&["disable", "alice"], "");
    assert_eq!(nobody.with_key(&key).whoami(), Err(401));
    assert_eq!(nobody.log_in("alice", NEW_PASSWORD).status, 400);
    use_passwords(session, nobody, &admin);
    admin
}

/// Sets and changes passwords with the API.
fn use_passwords(session: &mut Session, nobody: &Client, admin: &Client) {
    let [first, reset, own, wrong] = ["first-c05e", "reset-7d3b", "own-91ac", "wrong-44f0"]
        .map(|name| session.secret(format!("bob-password-{name}")));
    let bob = admin.request(Method::POST, "/v1/users").json(&json!({ "username": "bob", "password": first }));
    let id = admin.send(bob).json()["id"].clone();
    session.token(&nobody.token("bob", &first));
    let update = admin.request(Method::PATCH, &format!("/v1/users/{id}")).json(&json!({ "password": reset }));
    assert_eq!(admin.send(update).status, 200);
    let token = nobody.token("bob", &reset);
    session.token(&token);
    let bob = nobody.with_token(&token);
    for (current, status) in [(&wrong, 403), (&reset, 204)] {
        let passwords = json!({ "current": current, "new": own });
        let response = bob.send(bob.request(Method::PUT, "/v1/users/me/password").json(&passwords));
        assert_eq!(response.status, status);
        session.evidence(&format!("change-password-{status}"), &format!("{response:?}"));
    }
    // What is too short is not repeated either.
    let short = session.secret("sh-0rt");
    for (method, path, body) in [
        (Method::POST, "/v1/users", json!({ "username": "carol", "password": short })),
        (Method::PATCH, "/v1/users/1", json!({ "password": [own] })),
        (Method::PUT, "/v1/users/me/password", json!({ "current": { "new": own }, "new": short })),
    ] {
        let response = admin.send(admin.request(method, path).json(&body));
        assert_eq!(response.status, 422);
        session.evidence(&format!("password{}", path.replace('/', "-")), &format!("{response:?}"));
    }
}

/// Creates, rotates, verifies and revokes keys by every operation that takes one, and retries requests.
fn exercise_keys(session: &mut Session, nobody: &Client, admin: &Client) {
    // The secret of a created key is encrypted with this until the request can no longer be retried.
    let again = session.secret("idempotency-key-a83f");
    let post = |path: &str| admin.request(Method::POST, path);
    let create = || post("/v1/api-keys/").header("idempotency-key", &again).json(&json!({ "description": CANARY }));
    let created = admin.send(create()).json();
    assert_eq!(admin.send(create()).json()["full_key"], created["full_key"]);
    let key = created["full_key"].as_str().unwrap();
    session.key(key);
    let rotate = post(&format!("/v1/api-keys/{}/rotate", created["id"])).json(&json!({ "grace_period_seconds": 60 }));
    let rotated = admin.send(rotate.header("idempotency-key", format!("{again}-2"))).json();
    let new = rotated["full_key"].as_str().unwrap();
    session.key(new);
    find_keys(session, admin, &[key, new]);
    for key in [key, new] {
        assert_eq!(admin.send(post("/v1/api-keys/verify").json(&json!({ "key": key }))).json()["valid"], true);
        assert_eq!(admin.send(post("/v1/introspect").form(&[("token", key)])).json()["active"], true);
        for client in [nobody.with_key(key), nobody.with_token(key)] {
            let response = client.get("/v1/forward-auth");
            assert_eq!(response.status, 200);
            session.evidence("forward-auth", &format!("{response:?}"));
        }
        assert_eq!(nobody.send(nobody.request(Method::POST, "/v1/revoke").form(&[("token", key)])).status, 200);
        assert_eq!(nobody.with_key(key).get("/v1/forward-auth").status, 401);
    }
    session.evidence("audit", admin.get("/v1/audit/events?limit=1000").text());
}

/// Pastes keys into the search and into the filter of a bulk revocation, also mistyped.
fn find_keys(session: &mut Session, admin: &Client, keys: &[&str]) {
    let in_search = session.secret("secret-in-search-c4e9");
    let post = |path: &str, body: &Value| {
        admin.send(admin.request(Method::POST, &format!("/v1/projects/default/api-keys/{path}")).json(body))
    };
    let mut responses = Vec::new();
    for key in keys {
        let found = post("search", &json!({ "key": key }));
        assert_eq!(found.json()["items"].as_array().map(Vec::len), Some(1), "{found:?}");
        let revoked = post("revoke", &json!({ "filter": { "key": key }, "dry_run": true, "limit": 1 }));
        assert_eq!(revoked.json()["matched"], 1, "{revoked:?}");
        let cut = post("search", &json!({ "key": key[..40] }));
        let cursor = post("search?cursor=x", &json!({ "key": key }));
        assert_eq!((cut.status.as_u16(), cursor.status.as_u16()), (200, 422), "{cut:?} {cursor:?}");
        responses.extend([found, revoked, cut, cursor]);
    }
    for key in [json!(in_search.repeat(100)), json!([in_search]), json!({ in_search.clone(): in_search })] {
        let rejected = post("search", &json!({ "key": key }));
        assert_eq!(rejected.status, 422, "{rejected:?}");
        responses.push(rejected);
    }
    for (number, response) in responses.iter().enumerate() {
        session.evidence(&format!("search-{number}"), &format!("{response:?}"));
    }
}

/// Sends secrets where a verification request or a policy expects something else.
fn misplace_secrets_in_verification(session: &mut Session, client: &Client) {
    let secret = session.secret("secret-in-verification-d417");
    let post = |path: &str| client.request(Method::POST, path);
    let requests = [
        post("/v1/api-keys/verify").json(&json!({ "key": "x", "ip": secret })),
        post("/v1/api-keys/verify").json(&json!({ "key": "x", "scopes": [format!("{secret} ")] })),
        post("/v1/api-keys/verify").json(&json!({ "key": [secret] })),
        post("/v1/introspect").form(&[("key", &secret)]),
        post("/v1/revoke").form(&[("key", &secret)]),
        client.request(Method::PUT, "/v1/api-keys/1/policy").json(&json!({ "networks": [secret] })),
        client.request(Method::PUT, "/v1/api-keys/1/policy").json(&json!({ "scopes": [format!("{secret} ")] })),
        post("/v1/api-keys/1/revoke").json(&json!({ "reason": [secret] })),
        client.request(Method::PATCH, "/v1/api-keys/1").header("if-match", &secret).json(&json!({})),
        client.with_key(&secret).request(Method::GET, "/v1/forward-auth"),
        client.with_key(&secret).request(Method::DELETE, &format!("/v1/forward-auth/{secret}?key={secret}")),
    ];
    for (number, request) in requests.into_iter().enumerate() {
        let response = client.send(request);
        assert!(response.status.is_client_error(), "{number}: {response:?}");
        session.evidence(&format!("verification-{number}"), &format!("{response:?}"));
    }
}

/// Sends secrets where they do not belong, or mistyped.
fn misplace_secrets(session: &mut Session, client: &Client) {
    let mut number = 0;
    let mut rejected = |session: &mut Session, response: Response| {
        assert!(response.status.is_client_error(), "{response:?}");
        number += 1;
        session.evidence(&format!("response-{number}"), &format!("{response:?}"));
    };
    let post = |path: &str| client.request(Method::POST, path);
    let patch = |path: &str| client.request(Method::PATCH, path);

    let wrong_password = session.secret("wrong-password-51d0");
    rejected(session, client.log_in("admin", &wrong_password));
    let as_username = session.secret("password-as-username-8e21");
    rejected(session, client.log_in(&as_username, "whatever it is"));
    let too_long = session.secret("long-password-6b90");
    rejected(session, client.log_in("admin", &too_long.repeat(100)));
    let scope = session.secret("password-as-scope-0f4d");
    let form = [("grant_type", "password"), ("username", "admin"), ("password", PASSWORD), ("scope", &scope)];
    rejected(session, client.send(post("/token").form(&form)));
    let grant = session.secret("password-as-grant-2c77");
    let form = [("grant_type", grant.as_str()), ("username", "admin"), ("password", PASSWORD)];
    rejected(session, client.send(post("/token").form(&form)));
    rejected(session, client.send(post("/token").json(&serde_json::json!({ "password": PASSWORD }))));

    for mistyped in ["lk_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ", "lk_short-slip-93ab", "no-key-at-all-17e5"] {
        session.secret(&mistyped[mistyped.len().min(19) - 7..]);
        rejected(session, client.with_key(mistyped).get("/v1/users/me"));
    }
    let not_a_token = session.secret("not-a-token-d52e");
    rejected(session, client.with_token(&not_a_token).get("/v1/users/me"));
    let forged = session.secret("forgedsignature4ab2");
    rejected(session, client.with_token(&format!("eyJhbGciOiJIUzI1NiJ9.e30.{forged}")).get("/v1/users/me"));
    let basic = client.request(Method::GET, "/v1/users/me").basic_auth("admin", Some(PASSWORD));
    rejected(session, client.send(basic));

    let in_path = session.secret("key-in-path-a1b7");
    rejected(session, client.get(&format!("/v1/api-keys/{in_path}")));
    rejected(session, client.get(&format!("/{in_path}/nowhere")));
    let in_query = session.secret("key-in-query-9cd3");
    rejected(session, client.get(&format!("/v1/api-keys/?status={in_query}&limit={in_query}&cursor={in_query}")));
    rejected(session, client.get(&format!("/v1/api-keys/999?api_key={in_query}")));
    let in_header = session.secret("key-in-header-e604");
    let headers = client.request(Method::GET, "/v1/api-keys/999").header("x-secret", &in_header);
    let headers = headers.header("cookie", format!("session={in_header}")).header("user-agent", &in_header);
    let headers = headers.header("x-forwarded-for", &in_header).header("x-request-id", format!("{in_header}!"));
    rejected(session, client.send(headers));
    let in_type = session.secret("key-in-type-4d1c");
    rejected(session, client.send(post("/v1/api-keys/").header("content-type", &in_type).body("{}")));

    for (name, body) in [
        ("in-time-70aa", r#"{"expires_at": "SECRET"}"#),
        ("in-object-11c9", r#"{"description": {"SECRET": "SECRET"}}"#),
        ("in-list-52fe", r#"["SECRET"]"#),
        ("in-name-8d03", r#"{"SECRET": "SECRET", "expires_at": 5}"#),
        ("in-broken-json-e7b4", r#"{"description": "SECRET"#),
        ("in-twice-c3a8", r#"{"description": "SECRET", "description": "SECRET"}"#),
        ("in-null-character-96d1", r#"{"description": "SECRET\u0000"}"#),
    ] {
        let secret = session.secret(format!("secret-{name}"));
        let json = |body: &str| body.replace("SECRET", &secret);
        for request in [post("/v1/api-keys/"), patch("/v1/api-keys/1")] {
            let response = client.send(request.header("content-type", "application/json").body(json(body)));
            // The name of an unknown member is part of the error's location, so only its client sees it again.
            let is_location = |error: &Value| error["loc"] == json!(["body", secret]);
            if response.status == 422 && response.json()["detail"].as_array().unwrap().iter().any(is_location) {
                assert_eq!(response.text().matches(&secret).count(), 1, "{response:?}");
                continue;
            }
            rejected(session, response);
        }
    }
    let too_long = session.secret("secret-in-long-description-05ea");
    rejected(session, client.try_create_key(&too_long.repeat(200)).unwrap());
    let too_large = session.secret("secret-in-large-body-b6f2");
    rejected(session, client.with_new_connections().try_create_key(&too_large.repeat(5000)).unwrap());
}

/// Sends requests that are not HTTP, or incomplete.
fn send_invalid_http(session: &mut Session, server: &Server) {
    let secret = session.secret("secret-in-broken-head-77dd");
    for request in [
        format!("GET /{secret} HTTP/7.3\r\nhost: x\r\n\r\n"),
        format!("GET /\u{1}{secret} HTTP/1.1\r\nhost: x\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nhost: x\r\n{secret}\r\n\r\n"),
        format!("POST /v1/api-keys/ HTTP/1.1\r\nhost: x\r\ncontent-length: {secret}\r\n\r\n"),
    ] {
        let mut stream = TcpStream::connect(server.address).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        assert!(response.starts_with("HTTP/1.1 400 "), "{response}");
        assert!(!response.contains(&secret), "{response}");
    }
    let cut =
        format!("POST /token HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nusername=admin&password={secret}");
    TcpStream::connect(server.address).unwrap().write_all(cut.as_bytes()).unwrap();
}

/// Makes statements of the server fail.
fn fail_statements(session: &mut Session, client: &Client, url: &str) {
    let secret = session.secret("secret-in-failed-statement-8ab1");
    rows(url, "ALTER TABLE api_keys RENAME COLUMN description TO hidden");
    for response in [client.try_create_key(&secret).unwrap(), client.describe_key(1, &secret)] {
        assert_eq!(response.status, 500, "{response:?}");
        assert!(!format!("{response:?}").contains(&secret));
        assert!(!response.text().contains("column"), "{response:?}");
    }
    rows(url, "ALTER TABLE api_keys RENAME COLUMN hidden TO description");
    assert_eq!(client.describe_key(1, CANARY).status, 200);
}

/// Every row of every table.
fn tables(url: &str) -> Vec<String> {
    let tables = rows(url, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'");
    assert!(tables.len() > 2, "{tables:?}");
    tables.iter().flat_map(|table| rows(url, &format!("SELECT t::text FROM {table} t"))).collect()
}

/// The command lines and environments of the processes of Postgres.
fn environments(server: &Server) -> String {
    let of_process = |pid| fs::read_to_string(format!("/proc/{pid}/environ")).unwrap_or_default();
    let processes = server.cluster().processes();
    assert!(processes.len() > 3);
    let texts = processes.iter().flat_map(|process| [process.command_line.clone(), of_process(process.pid)]);
    texts.collect::<Vec<_>>().join("\n")
}

/// A secret as text, and as its bytes may be printed.
fn forms(secret: &str) -> [String; 3] {
    let bytes = secret.as_bytes();
    let hexadecimal = bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let decimal = bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
    [secret.to_owned(), hexadecimal, decimal]
}

/// The files below a directory that contain one of the texts, each with the text.
fn files_with(directory: &Path, texts: &BTreeSet<String>) -> Vec<String> {
    let mut grep = Command::new("grep");
    grep.args(["-r", "-a", "-o", "-F", "-f", "-", "."]).current_dir(directory).env("LC_ALL", "C");
    let lines: Vec<&str> = texts.iter().map(String::as_str).collect();
    let output = run(&mut grep, &lines.join("\n"));
    assert!(matches!(output.code, Some(0 | 1)) && output.stderr.is_empty(), "{output:?}");
    output.stdout.lines().map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect()
}
