//! How far a crowd has come, in requests. Kills and cuts are placed by it, so that a slow machine meets them at the same places.

use crate::described::Described;
use tokio::sync::watch;
use verger_torture::{Answer, Request, Witness};

/// Counts since the crowd began.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    /// Requests that were written to their connections.
    pub(crate) sent: usize,
    /// Requests that came to an end: answered, or lost with their connection.
    pub(crate) ended: usize,
    /// Sign-ups that the server said to be complete.
    pub(crate) acknowledged: usize,
    /// Nobody signs up any more.
    pub(crate) is_over: bool,
}

impl Counts {
    /// Requests that the server has and has not answered.
    pub(crate) fn in_flight(&self) -> usize {
        self.sent - self.ended
    }
}

/// The counts, to be waited for.
#[derive(Debug)]
pub(crate) struct Progress(watch::Sender<Counts>);

impl Progress {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(Counts::default()))
    }

    pub(crate) fn counts(&self) -> Counts {
        *self.0.borrow()
    }

    pub(crate) fn note(&self, change: impl FnOnce(&mut Counts)) {
        self.0.send_modify(change);
    }

    /// Until the counts are so, or the crowd is over.
    pub(crate) async fn wait_for(&self, mut is_so: impl FnMut(&Counts) -> bool) -> Counts {
        let mut counts = self.0.subscribe();
        *counts.wait_for(|counts| counts.is_over || is_so(counts)).await.unwrap()
    }
}

impl Witness for Progress {
    fn sent(&self) {
        self.note(|counts| counts.sent += 1);
    }

    fn lost(&self) {
        self.note(|counts| counts.ended += 1);
    }

    fn answered(&self, request: &Request, answer: &Answer) {
        self.note(|counts| counts.ended += 1);
        Described::FRONTEND.answered(request, answer);
    }
}
