//! The body of an answer on its way out: whole, cut, or in drops.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use super::connections::Busy;
use super::limits::Held;
use crate::exchange::Delivery;

/// A body and how it travels. What it holds is given back when it has arrived.
#[derive(Debug)]
pub struct Delivered {
    rest: Bytes,
    mode: Mode,
    _held: Held,
    _busy: Busy,
}

#[derive(Debug)]
enum Mode {
    Whole,
    /// So many bytes still come.
    Cut(usize),
    /// Everything that comes has come; the head and the bytes are on their way.
    Leaving,
    Drip {
        bytes: usize,
        every: Duration,
        wait: Option<Pin<Box<Sleep>>>,
    },
}

impl Delivered {
    /// A body that travels so.
    pub fn new(body: Vec<u8>, delivery: Delivery, held: Held, busy: Busy) -> Delivered {
        let mode = match delivery {
            Delivery::Cut { after_bytes } if after_bytes < body.len() => Mode::Cut(after_bytes),
            Delivery::Drip { bytes, every_ms } => {
                Mode::Drip { bytes, every: Duration::from_millis(every_ms), wait: None }
            }
            _ => Mode::Whole,
        };
        Delivered { rest: Bytes::from(body), mode, _held: held, _busy: busy }
    }

    fn next(&mut self, count: usize) -> Option<Result<Frame<Bytes>, io::Error>> {
        let part = self.rest.split_to(count.min(self.rest.len()));
        if part.is_empty() { None } else { Some(Ok(Frame::data(part))) }
    }
}

impl Body for Delivered {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let this = &mut *self;
        match &mut this.mode {
            Mode::Whole => {
                let length = this.rest.len();
                Poll::Ready(this.next(length))
            }
            Mode::Cut(0) => {
                // What was written so far goes out while this waits.
                this.mode = Mode::Leaving;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Mode::Cut(left) => {
                let count = std::mem::take(left);
                Poll::Ready(this.next(count))
            }
            Mode::Leaving => Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into()))),
            Mode::Drip { bytes, every, wait } => {
                if this.rest.is_empty() {
                    return Poll::Ready(None);
                }
                let waiting = wait.get_or_insert_with(|| Box::pin(sleep(*every)));
                std::task::ready!(waiting.as_mut().poll(context));
                *wait = None;
                let count = *bytes;
                Poll::Ready(this.next(count))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && !matches!(self.mode, Mode::Cut(_) | Mode::Leaving)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
