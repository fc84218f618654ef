//! The time of day and the time that passed. Measuring is what this crate is for, so it reads the clocks, in this file only.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A running measurement.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Begins to measure.
    #[expect(clippy::disallowed_methods, reason = "a measurement of a real process needs the real clock")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// What has passed since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Now, in whole seconds since 1970: what tokens are checked against.
#[expect(clippy::disallowed_methods, reason = "a real server's tokens are valid by the real clock")]
pub fn unix_seconds() -> i64 {
    let passed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(passed.as_secs()).unwrap_or(i64::MAX)
}
