//! Limits of a request's body: its size, and how long it may make no progress.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{BoxError, body::Body};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::Limited;
use latchkey_domain::api::BodyTimeout;
use tokio::time::{Sleep, sleep};

/// Returns the same body, which fails when it exceeds `max_bytes`, or with [`BodyTimeout`] when no data arrives for
/// `idle_timeout`.
pub(super) fn limit_body(body: Body, max_bytes: usize, idle_timeout: Duration) -> Body {
    Body::new(IdleTimeoutBody { body: Limited::new(body, max_bytes), idle_timeout, timer: None })
}

/// A body whose timer is created only when a read has to wait. Nearly every body has arrived completely, and creating a
/// timer costs more than reading it.
struct IdleTimeoutBody {
    body: Limited<Body>,
    idle_timeout: Duration,
    timer: Option<Pin<Box<Sleep>>>,
}

impl HttpBody for IdleTimeoutBody {
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
        let idle_timeout = self.idle_timeout;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(idle_timeout)));
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
