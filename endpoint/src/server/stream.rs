//! The stream of a connection: it is not kept for a client that takes nothing, and is closed so that the client can read the last
//! answer.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Sleep, sleep},
};
use tokio_io_timeout::TimeoutStream;

use super::door::Entry;

/// How long the rest of a request is read for once the answer is given.
const LINGER: Duration = Duration::from_secs(10);

/// How many bytes of it are read.
const DISCARDED: usize = 64 * 1024 * 1024;

/// How many bytes are discarded at once.
const SCRATCH: usize = 8 * 1024;

/// The stream of a connection, which breaks off once the client has taken nothing for so long.
///
/// Each part that the client takes begins the time anew, so that a slow client gets a large file.
pub(crate) fn patient(stream: TcpStream, patience: Duration, owed: Owed, entry: Entry) -> Pin<Box<TimeoutStream<Lingering>>> {
    let mut stream = TimeoutStream::new(Lingering { stream, owed, parting: None, _entry: entry });
    stream.set_write_timeout(Some(patience));
    Box::pin(stream)
}

/// Whether a part of the request may still be on its way.
#[derive(Clone, Default)]
pub(crate) struct Owed(Arc<AtomicBool>);

impl Owed {
    fn set(&self, owed: bool) {
        self.0.store(owed, Ordering::Relaxed);
    }

    fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A stream that is closed in two steps where the request was answered before it was read: the system resets a connection that is
/// closed with unread bytes, and the client then loses the answer.
pub(crate) struct Lingering {
    stream: TcpStream,
    owed: Owed,
    parting: Option<Parting>,
    _entry: Entry,
}

/// The time between the two steps.
struct Parting {
    until: Pin<Box<Sleep>>,
    left: usize,
}

impl AsyncRead for Lingering {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.owed.set(true);
        }
        read
    }
}

impl AsyncWrite for Lingering {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, parts: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Self { stream, owed, parting, .. } = self.get_mut();
        let parting = if let Some(parting) = parting {
            parting
        } else {
            ready!(Pin::new(&mut *stream).poll_shutdown(context))?;
            if !owed.is_set() {
                return Poll::Ready(Ok(()));
            }
            parting.insert(Parting { until: Box::pin(sleep(LINGER)), left: DISCARDED })
        };
        let mut scratch = [0; SCRATCH];
        while parting.left > 0 {
            let mut buffer = ReadBuf::new(&mut scratch);
            match Pin::new(&mut *stream).poll_read(context, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() => parting.left = parting.left.saturating_sub(buffer.filled().len()),
                // The client has closed as well, or is gone.
                Poll::Ready(_) => break,
                Poll::Pending => return parting.until.as_mut().poll(context).map(Ok),
            }
        }
        Poll::Ready(Ok(()))
    }
}

/// The body of a request, which notes when it has come whole.
pub(crate) struct Received {
    body: Incoming,
    owed: Owed,
}

impl Received {
    pub(crate) fn new(body: Incoming, owed: Owed) -> Self {
        let received = Self { body, owed };
        received.note();
        received
    }

    fn note(&self) {
        if self.body.is_end_stream() {
            self.owed.set(false);
        }
    }
}

impl Body for Received {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if frame.is_none() {
            self.owed.set(false);
        }
        self.note();
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
