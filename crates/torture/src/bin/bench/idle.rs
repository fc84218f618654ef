//! A server that has nothing to do: its memory, and how soon it is there.

use crate::sample::median;
use crate::world::World;
use anyhow::Result;
use std::thread;
use std::time::Duration;
use verger_torture::{Server, Stopwatch, resident_mib};

const STARTS: usize = 5;
const QUIET: Duration = Duration::from_secs(2);

/// What was read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Idle {
    /// MiB in memory after a start and a quiet while.
    pub(crate) resident: f64,
    /// The part of it that no file stands behind.
    pub(crate) anonymous: f64,
    /// MiB in memory at the end of all load.
    pub(crate) after_load: f64,
    /// Milliseconds from the start to the ready line, on a data directory that exists.
    pub(crate) start_ms: f64,
}

/// Ends the server of the bench and starts it again on the same data.
///
/// # Errors
/// When it does not start.
pub(crate) fn measure(world: World) -> Result<Idle> {
    let (after_load, _) = resident_mib(world.server.pid())?;
    world.server.stop()?;
    let mut starts = Vec::new();
    let mut last = Server::dev(world.data.path())?;
    for _ in 1..STARTS {
        starts.push(last.ready_after());
        last.stop()?;
        last = Server::dev(world.data.path())?;
    }
    starts.push(last.ready_after());
    let watch = Stopwatch::start();
    while watch.elapsed() < QUIET {
        thread::park_timeout(QUIET);
    }
    let (resident, anonymous) = resident_mib(last.pid())?;
    let start_ms = median(starts.iter().map(|start| start.as_secs_f64() * 1000.0));
    Ok(Idle { resident, anonymous, after_load, start_ms })
}
