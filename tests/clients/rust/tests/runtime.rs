//! Tests of the Rust runtime alone; the rest is in methods.yaml.

use std::{
    env,
    io::{Read, Write},
    net::TcpListener,
    thread,
    time::{Duration, Instant},
};

use latchkey_client::{Error, ErrorKind, Latchkey, apis::tokens_api::IssueTokenParams, models};
use tokio::task::JoinSet;

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

/// The address of a server that sends these bytes on its first connection, one by one if they are to trickle, and the
/// head of the request that it got.
fn server(response: &'static str, pause: Duration) -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let thread = thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut head = [0; 4096];
        let length = connection.read(&mut head).unwrap();
        for part in response.as_bytes().chunks(if pause.is_zero() { response.len() } else { 1 }) {
            thread::sleep(pause);
            if connection.write_all(part).is_err() {
                break;
            }
        }
        String::from_utf8_lossy(&head[..length]).into_owned()
    });
    (url, thread)
}

fn assert_rejected(result: Result<Latchkey, Error>) {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
    assert!(!format!("{error} {error:?}").contains("secret"));
}

#[test]
fn wrong_settings_are_rejected_and_not_printed() {
    for url in ["keys.example.com", "ftp://keys.example.com", "https://ada:secret@keys.example.com", "http://a?secret"]
    {
        assert_rejected(Latchkey::builder().url(url).build());
    }
    for secret in ["lk_secret\n", "lk_secret…"] {
        assert_rejected(Latchkey::builder().url("http://a").api_key(secret).build());
        assert_rejected(Latchkey::builder().url("http://a").token(secret).build());
    }
}

#[test]
fn secrets_are_not_printed() {
    let builder = Latchkey::builder().url("http://a");
    let clients = [
        builder.clone().api_key("lk_secret").build().unwrap(),
        builder.clone().token("lk_secret").build().unwrap(),
        builder.clone().login("ada", "lk_secret").build().unwrap(),
    ];
    let key = models::ApiKeyRecordRead { full_key: Some(Some("lk_secret".into())), ..Default::default() };
    let login = IssueTokenParams { password: "lk_secret".into(), ..Default::default() };
    let call = clients[0].users().change_password("lk_secret", "lk_secret");
    let printed = format!("{clients:?} {:?} {key:?} {login:?} {call:?}", builder.api_key("lk_secret"));
    assert!(!printed.contains("lk_secret"), "{printed}");
    assert!(printed.contains(r#"full_key: Some(Some("***"))"#), "{printed}");
}

#[tokio::test]
async fn an_argument_does_not_lead_to_another_path() {
    for project in ["..", ".", ""] {
        let error = Latchkey::from_env().unwrap().projects().get(project).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Argument);
    }
}

#[tokio::test]
async fn an_argument_that_cannot_be_sent_is_an_error() {
    let latchkey = Latchkey::from_env().unwrap();
    let error = latchkey.keys().create().idempotency_key("a\nb").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Argument);
}

#[tokio::test]
async fn tasks_share_a_login() {
    let name = variable("LATCHKEY_TEST_USERNAME");
    let builder = Latchkey::builder().login(&name, variable("LATCHKEY_TEST_PASSWORD"));
    let latchkey = builder.timeout(Duration::from_secs(30)).build().unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..20 {
        let latchkey = latchkey.clone();
        tasks.spawn(async move { latchkey.whoami().await });
    }
    while let Some(user) = tasks.join_next().await {
        assert_eq!(user.unwrap().unwrap().username, name);
    }
    // Each login is an event.
    let me = latchkey.whoami().await.unwrap().id;
    let mut events = latchkey.audit().events().actor_user_id(me).action("login").stream();
    let mut recent = 0;
    while events.try_next().await.unwrap().is_some() {
        recent += 1;
    }
    // That of the test's setup, and that of the client.
    assert_eq!(recent, 2);
}

#[tokio::test]
async fn an_http_client_of_the_caller_is_used() {
    let (url, thread) = server("HTTP/1.1 204 No Content\r\n\r\n", Duration::ZERO);
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("x-trace", "7".parse().unwrap());
    let http_client = reqwest::Client::builder().default_headers(headers).build().unwrap();
    let latchkey = Latchkey::builder().url(url).api_key("lk_any").http_client(http_client).build().unwrap();
    latchkey.keys().delete(7).await.unwrap();
    let head = thread.join().unwrap();
    assert!(head.starts_with("DELETE /v1/api-keys/7 ") && head.contains("x-trace: 7\r\n"), "{head}");
}

#[tokio::test]
async fn a_response_that_trickles_is_timed_out() {
    let (url, _) = server("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", Duration::from_millis(200));
    let latchkey = Latchkey::builder().url(url).api_key("lk_any").build().unwrap();
    let started = Instant::now();
    let error = latchkey.whoami().timeout(Duration::from_secs(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(started.elapsed() < Duration::from_secs(3));
}
