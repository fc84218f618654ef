//! Time as the wire has it: Unix milliseconds, handed in by whoever owns a clock.

use std::fmt;
use std::ops::{Add, Sub};

/// A point in time, or a span, in Unix milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Millis(pub i64);

impl Millis {
    /// The span of `n` seconds.
    pub const fn from_secs(n: i64) -> Self {
        Self(n * 1000)
    }

    /// The span of `n` minutes.
    pub const fn from_mins(n: i64) -> Self {
        Self::from_secs(n * 60)
    }

    /// The span of `n` days.
    pub const fn from_days(n: i64) -> Self {
        Self::from_mins(n * 24 * 60)
    }

    /// Whole seconds, rounded down: the unit of JWT claims and of `__client_uat`.
    pub const fn secs(self) -> i64 {
        self.0.div_euclid(1000)
    }
}

impl Add for Millis {
    type Output = Self;

    fn add(self, rhs: Self) -> Self {
        Self(self.0.saturating_add(rhs.0))
    }
}

impl Sub for Millis {
    type Output = Self;

    fn sub(self, rhs: Self) -> Self {
        Self(self.0.saturating_sub(rhs.0))
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The one source of `now`. Read once per request.
pub trait Clock: Send + Sync {
    /// The current time.
    fn now(&self) -> Millis;
}
