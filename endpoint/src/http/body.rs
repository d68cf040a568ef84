//! The body of an answer: JSON that was written already, sent piece by piece.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, SizeHint};

use crate::answer::Written;

/// Sends what is written. Each piece is freed once it is sent, and what is counted is counted until the last one was.
pub(crate) fn sending(written: Written) -> Body {
    Body::new(Sending(written))
}

struct Sending(Written);

impl HttpBody for Sending {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let Some(piece) = self.0.pieces.next() else { return Poll::Ready(None) };
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.0.bytes = self.0.bytes.saturating_sub(length);
        Poll::Ready(Some(Ok(Frame::data(piece.into()))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.bytes == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.bytes)
    }
}
