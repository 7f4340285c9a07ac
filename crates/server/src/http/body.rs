//! A request's body: how long it may be, and how long it may pause.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{BoxError, body::Body};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::Limited;
use latchkey_domain::service::BodyTimeout;
use tokio::time::{Sleep, sleep};

/// The same body; it ends in an error when it has more bytes than `length`, or brings nothing for as long as `pause`.
pub(super) fn bounded(body: Body, length: usize, pause: Duration) -> Body {
    Body::new(Hurried { body: Limited::new(body, length), pause, timer: None })
}

/// A body with a timer that is set only when the body keeps somebody waiting. Nearly every body is there already, and to
/// set a timer costs more than to read it.
struct Hurried {
    body: Limited<Body>,
    pause: Duration,
    timer: Option<Pin<Box<Sleep>>>,
}

impl HttpBody for Hurried {
    type Data = <Body as HttpBody>::Data;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            self.timer = None;
            return Poll::Ready(frame);
        }
        let pause = self.pause;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(pause)));
        ready!(timer.as_mut().poll(context));
        Poll::Ready(Some(Err(Box::new(BodyTimeout))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
