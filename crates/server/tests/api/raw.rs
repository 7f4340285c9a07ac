//! Requests as bytes on a socket, for those that no client would send.

use std::net::SocketAddr;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::answer::Answer;

/// What follows the bytes of a request.
#[derive(PartialEq, Eq)]
pub enum Then {
    /// Nothing, but the connection stays: to the server, one that is closed this way has nobody to answer to.
    Wait,
    /// The end, though the request announced more.
    Close,
}

/// Sends the bytes and reads the one answer. The request must ask for the connection to be closed.
pub async fn exchange(address: SocketAddr, request: &[u8], then: Then) -> Answer {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut reading, mut writing) = stream.into_split();
    let send = async {
        // A server that has heard enough may answer and close before all is sent.
        let _ = writing.write_all(request).await;
        if then == Then::Close {
            let _ = writing.shutdown().await;
        }
    };
    let mut received = Vec::new();
    // What came before the connection was reset counts.
    let _ = tokio::join!(send, reading.read_to_end(&mut received)).1;
    answer(&received)
}

/// Reads until the server closes the connection.
pub async fn read_to_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut received = Vec::new();
    let _ = stream.read_to_end(&mut received).await;
    received
}

/// Reads one whole answer of an HTTP/1.1 connection that stays open.
pub async fn read_answer(stream: &mut TcpStream) -> Answer {
    let mut received = Vec::new();
    loop {
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).await.unwrap();
        assert_ne!(count, 0, "the connection was closed");
        received.extend_from_slice(&bytes[..count]);
        let Some(end) = head_length(&received) else {
            continue;
        };
        let length = answer(&received).header("content-length").unwrap().parse::<usize>().unwrap();
        if received.len() >= end + length {
            return answer(&received);
        }
    }
}

fn head_length(received: &[u8]) -> Option<usize> {
    received.windows(4).position(|window| window == b"\r\n\r\n").map(|start| start + 4)
}

fn answer(received: &[u8]) -> Answer {
    let end = head_length(received).unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(received)));
    let head = std::str::from_utf8(&received[..end]).unwrap();
    let mut lines = head.trim_end().split("\r\n");
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(": ").unwrap();
        headers.append(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
    }
    assert!(!headers.contains_key("transfer-encoding"), "answers have a length");
    Answer { status: StatusCode::try_from(status).unwrap(), headers, body: received[end..].to_vec() }
}
