//! What was counted in one round.

use std::time::Duration;

/// Operations of one kind in a stretch of time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sample {
    /// How many were done.
    pub(crate) done: usize,
    /// By the clock.
    pub(crate) wall: Duration,
    /// CPU seconds of the process that did them.
    pub(crate) cpu: f64,
    /// The latency that 99 of 100 stay under; zero where nothing waited.
    pub(crate) p99: Duration,
}

impl Sample {
    /// Operations per second.
    pub(crate) fn rate(&self) -> f64 {
        self.done as f64 / self.wall.as_secs_f64()
    }

    /// Operations per CPU second.
    pub(crate) fn rate_per_cpu(&self) -> f64 {
        self.done as f64 / self.cpu
    }
}

/// The server beside the bare operation.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    /// Over HTTP.
    pub(crate) server: Sample,
    /// Without a server around it.
    pub(crate) bare: Sample,
}

impl Pair {
    /// How near the server comes, by the clock.
    pub(crate) fn ratio(&self) -> f64 {
        self.server.rate() / self.bare.rate()
    }

    /// How near the server comes, per CPU second.
    pub(crate) fn ratio_per_cpu(&self) -> f64 {
        self.server.rate_per_cpu() / self.bare.rate_per_cpu()
    }
}

/// Everything of one round.
#[derive(Clone, Debug)]
pub(crate) struct Round {
    /// Session tokens beside bare signatures.
    pub(crate) mint: Pair,
    /// Users by id beside a bare route.
    pub(crate) user: Pair,
    /// Password sign-ins beside bare hashes.
    pub(crate) sign_in: SignIns,
}

/// Password sign-ins.
#[derive(Clone, Debug)]
pub(crate) struct SignIns {
    /// With nothing else to do.
    pub(crate) alone: Pair,
    /// While other people's tokens are refreshed.
    pub(crate) beside_refreshes: Pair,
    /// Those refreshes.
    pub(crate) refreshes: Sample,
}

/// The middle of some numbers.
pub(crate) fn median(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.into_iter().collect();
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}
