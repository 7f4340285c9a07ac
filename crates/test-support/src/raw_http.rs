//! Requests as bytes on a socket, for those that no HTTP client would send, and the parsing of their responses.

use std::{
    io::{self, BufRead, ErrorKind},
    net::SocketAddr,
};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::response::Response;

/// What follows the bytes of a request.
#[derive(PartialEq, Eq)]
pub enum Then {
    /// Nothing, and the connection stays open. A server may treat a half-closed connection as abandoned.
    Wait,
    /// The client closes its half of the connection, although the request announced more.
    Close,
}

/// Sends the bytes and reads the one response. The request must ask for the connection to be closed.
pub async fn exchange(address: SocketAddr, request: &[u8], then: Then) -> Response {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    let send = async {
        // A server that rejects the request early may respond and close before all of it is sent.
        let _ = writer.write_all(request).await;
        if then == Then::Close {
            let _ = writer.shutdown().await;
        }
    };
    let mut received = Vec::new();
    // Bytes that arrived before a connection reset count.
    let _ = tokio::join!(send, reader.read_to_end(&mut received)).1;
    parse(&received).unwrap()
}

/// Reads until the server closes the connection.
pub async fn read_to_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut received = Vec::new();
    let _ = stream.read_to_end(&mut received).await;
    received
}

/// Reads one whole response from an HTTP/1.1 connection that stays open.
pub async fn read_response(stream: &mut TcpStream) -> Response {
    let mut received = Vec::new();
    loop {
        let mut bytes = [0; 4096];
        let count = stream.read(&mut bytes).await.unwrap();
        assert_ne!(count, 0, "the connection was closed");
        received.extend_from_slice(&bytes[..count]);
        let Some(head) = head_length(&received) else {
            continue;
        };
        let response = parse(&received).unwrap();
        if received.len() >= head + content_length(&response).unwrap() {
            return response;
        }
    }
}

/// Reads one whole response from a blocking HTTP/1.1 connection that stays open.
///
/// # Errors
/// When the connection breaks, or when what arrives is not a response with a length.
pub fn read_response_blocking(stream: &mut impl BufRead) -> io::Result<Response> {
    let mut head = Vec::new();
    while head_length(&head).is_none() {
        if stream.read_until(b'\n', &mut head)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
    }
    let mut response = parse(&head)?;
    response.body = vec![0; content_length(&response)?];
    stream.read_exact(&mut response.body)?;
    Ok(response)
}

/// The length of the response's head with the empty line at its end, when all of it is there.
fn head_length(received: &[u8]) -> Option<usize> {
    received.windows(4).position(|window| window == b"\r\n\r\n").map(|start| start + 4)
}

fn content_length(response: &Response) -> io::Result<usize> {
    response.header("content-length").and_then(|length| length.parse().ok()).ok_or(ErrorKind::InvalidData.into())
}

fn parse(received: &[u8]) -> io::Result<Response> {
    let not_a_response = || io::Error::other(format!("not a response: {:?}", String::from_utf8_lossy(received)));
    let end = head_length(received).ok_or_else(not_a_response)?;
    let head = std::str::from_utf8(&received[..end]).map_err(|_| not_a_response())?;
    let mut lines = head.trim_end().split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).ok_or_else(not_a_response)?;
    let status = StatusCode::try_from(status).map_err(|_| not_a_response())?;
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(": ").ok_or_else(not_a_response)?;
        let name = HeaderName::try_from(name).map_err(|_| not_a_response())?;
        headers.append(name, HeaderValue::try_from(value).map_err(|_| not_a_response())?);
    }
    assert!(!headers.contains_key("transfer-encoding"), "responses have a length");
    Ok(Response { status, headers, body: received[end..].to_vec() })
}
