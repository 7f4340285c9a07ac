//! Large responses are handed to hyper in parts, so that a client who reads nothing is noticed: HTTP/2 takes a part only
//! when the client's flow-control window has room, and buffers one part of each stream at most.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::activity::SendingGuard;

/// The size of a part, in bytes, and of the largest response that is not split.
pub(super) const PART_BYTES: usize = 16 * 1024;

/// Returns the response, with a body that is sent in parts if it is large.
pub(super) fn split_large(response: Response, sending: impl FnOnce() -> SendingGuard) -> Response {
    let size = response.body().size_hint().exact();
    if size.is_some_and(|size| size <= PART_BYTES as u64) {
        return response;
    }
    let sending = sending();
    response.map(|body| Body::new(LargeBody { body, rest: Bytes::new(), sending }))
}

struct LargeBody {
    body: Body,
    /// The rest of the last frame.
    rest: Bytes,
    sending: SendingGuard,
}

impl HttpBody for LargeBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.body).poll_frame(context)).transpose()?.map(Frame::into_data) {
                Some(Ok(data)) => self.rest = data,
                Some(Err(trailers)) => return Poll::Ready(Some(Ok(trailers))),
                None => return Poll::Ready(None),
            }
        }
        self.sending.on_part();
        let length = self.rest.len().min(PART_BYTES);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(length)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.len() as u64;
        let mut hint = self.body.size_hint();
        if let Some(upper) = hint.upper() {
            hint.set_upper(upper + rest);
        }
        hint.set_lower(hint.lower() + rest);
        hint
    }
}
