//! Did the request leave? The body knows: one that was never asked for its bytes was never sent.
//!
//! The head of a request may be on its way before its body is asked for, but no server can act on a head that
//! announces a body which never comes. Whoever concludes "not sent" takes the bytes away in the same step, so that a
//! connection which asks a moment later gets none.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

const HERE: u8 = 0;
const LEAVING: u8 = 1;
const HELD_BACK: u8 = 2;

/// What is known of one attempt to send.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sent {
    state: Arc<AtomicU8>,
}

impl Sent {
    /// Gives the bytes out, unless they were held back.
    pub(crate) fn leave(&self) -> bool {
        self.to(LEAVING) != HELD_BACK
    }

    /// Proves that nothing was sent, and keeps it so. False where the bytes have begun to leave.
    pub(crate) fn hold_back(&self) -> bool {
        self.to(HELD_BACK) != LEAVING
    }

    /// Whoever comes first decides: the state that was decided before, or `HERE`.
    fn to(&self, state: u8) -> u8 {
        let decided = self.state.compare_exchange(HERE, state, Ordering::AcqRel, Ordering::Acquire);
        decided.unwrap_or_else(|earlier| earlier)
    }
}

/// A body of known length that notes when it is asked for.
pub(crate) struct TrackedBody {
    bytes: Option<Bytes>,
    sent: Sent,
}

impl TrackedBody {
    pub(crate) fn new(bytes: Bytes, sent: Sent) -> Self {
        Self { bytes: Some(bytes), sent }
    }
}

impl Body for TrackedBody {
    type Data = Bytes;
    type Error = HeldBack;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, HeldBack>>> {
        if !self.sent.leave() {
            return Poll::Ready(Some(Err(HeldBack)));
        }
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, Bytes::len) as u64)
    }
}

/// The call was over before the body was asked for.
#[derive(Debug)]
pub(crate) struct HeldBack;

impl fmt::Display for HeldBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request was held back")
    }
}

impl std::error::Error for HeldBack {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Waker;

    #[test]
    fn the_first_to_decide_is_right() {
        let held = Sent::default();
        assert!(held.hold_back() && held.hold_back());
        assert!(!held.leave());
        let left = Sent::default();
        assert!(left.leave() && left.leave());
        assert!(!left.hold_back());
    }

    #[test]
    fn a_body_leaves_once_and_whole_or_not_at_all() {
        let context = &mut Context::from_waker(Waker::noop());
        let sent = Sent::default();
        let mut body = TrackedBody::new(Bytes::from_static(b"{}"), sent.clone());
        assert_eq!(body.size_hint().exact(), Some(2));
        let frame = Pin::new(&mut body).poll_frame(context);
        assert!(matches!(frame, Poll::Ready(Some(Ok(frame))) if frame.is_data()));
        assert!(body.is_end_stream() && !sent.hold_back());

        let sent = Sent::default();
        let mut body = TrackedBody::new(Bytes::from_static(b"{}"), sent.clone());
        assert!(sent.hold_back());
        assert!(matches!(Pin::new(&mut body).poll_frame(context), Poll::Ready(Some(Err(HeldBack)))));
    }
}
