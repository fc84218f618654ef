//! A clock that stands still until a test moves it.

use std::sync::atomic::{AtomicI64, Ordering};
use verger_model::{Clock, Millis};

/// A clock in the hand of a test.
#[derive(Debug)]
pub struct FakeClock(AtomicI64);

impl FakeClock {
    /// Some moment in 2026, on a whole second.
    pub const START: Millis = Millis(1_790_000_000_000);

    /// A clock that shows [`FakeClock::START`].
    #[must_use]
    pub fn new() -> Self {
        Self(AtomicI64::new(Self::START.0))
    }

    /// Lets time pass.
    pub fn advance(&self, span: Millis) {
        self.0.fetch_add(span.0, Ordering::SeqCst);
    }
}

impl Default for FakeClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}
