//! A body that comes late, or breaks off where it was told to.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::Sleep;

use crate::connection::{Connection, End};
use crate::script::{Ending, Fault};

/// The body of an answer, step by step.
#[derive(Debug, Default)]
pub(crate) struct Paced {
    steps: VecDeque<Step>,
    waiting: Option<Pin<Box<Sleep>>>,
    /// What the head announces, unless a header of the script does.
    announced: Option<u64>,
    /// `None` for a body that never ends a connection.
    connection: Option<Arc<Connection>>,
}

#[derive(Debug)]
enum Step {
    Wait(Duration),
    /// Once what follows at once is written, the connection ends.
    EndAtFlush(End),
    Data(Bytes),
    Stall,
}

impl Paced {
    pub(crate) fn new(body: &Bytes, wait: Duration, ending: Ending, connection: Arc<Connection>) -> Self {
        let mut steps = VecDeque::new();
        if !wait.is_zero() {
            steps.push_back(Step::Wait(wait));
        }
        match ending {
            Ending::Whole => steps.push_back(Step::Data(body.clone())),
            Ending::ThenClosed => steps.extend([Step::EndAtFlush(End::Close), Step::Data(body.clone())]),
            Ending::Trickled(pause) => {
                steps.extend((0..body.len()).flat_map(|at| [Step::Wait(pause), Step::Data(body.slice(at..=at))]));
            }
            Ending::Cut(at, fault) => steps.extend(cut(body.slice(..at.min(body.len())), fault)),
        }
        Self { steps, waiting: None, announced: u64::try_from(body.len()).ok(), connection: Some(connection) }
    }

    /// A header of the script says how long the body is, rightly or not.
    pub(crate) fn unannounced(mut self) -> Self {
        self.announced = None;
        self
    }

    fn end_at_flush(&self, end: End) {
        if let Some(connection) = &self.connection {
            connection.end_at_flush(end);
        }
    }
}

/// A body of no bytes is dropped unread; what should have come with it comes now.
impl Drop for Paced {
    fn drop(&mut self) {
        for step in std::mem::take(&mut self.steps) {
            if let Step::EndAtFlush(end) = step {
                self.end_at_flush(end);
            }
        }
    }
}

fn cut(part: Bytes, fault: Fault) -> impl Iterator<Item = Step> {
    let end = End::of(fault).map(Step::EndAtFlush);
    let data = (!part.is_empty()).then_some(Step::Data(part));
    end.into_iter().chain(data).chain([Step::Stall])
}

impl Body for Paced {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        loop {
            if let Some(sleep) = &mut self.waiting {
                ready!(sleep.as_mut().poll(cx));
                self.waiting = None;
            }
            match self.steps.pop_front() {
                None => return Poll::Ready(None),
                Some(Step::Data(bytes)) => return Poll::Ready(Some(Ok(Frame::data(bytes)))),
                Some(Step::Wait(time)) => self.waiting = Some(Box::pin(tokio::time::sleep(time))),
                Some(Step::EndAtFlush(end)) => self.end_at_flush(end),
                Some(Step::Stall) => {
                    self.steps.push_front(Step::Stall);
                    return Poll::Pending;
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.steps.is_empty() && self.waiting.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        self.announced.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
