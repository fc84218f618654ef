//! Load: connections that send one request after the other.

use crate::sample::Sample;
use anyhow::{Result, ensure};
use std::time::Duration;
use tokio::task::JoinSet;
use verger_torture::{Connection, Stopwatch, cpu_seconds};

/// What to send, for how long.
pub(crate) struct Load {
    /// Where to.
    pub(crate) port: u16,
    /// The requests of each connection, sent in turns.
    pub(crate) connections: Vec<Vec<Vec<u8>>>,
    /// How long.
    pub(crate) time: Duration,
    /// The pause between the beginnings of two requests of a connection; `None` sends the next as soon as the last is answered.
    pub(crate) pace: Option<Duration>,
}

/// A connection stops after so many requests, whatever the time.
const MOST_REQUESTS: usize = 100_000;

impl Load {
    /// Puts the load on a server and counts its CPU seconds meanwhile.
    ///
    /// # Errors
    /// When a connection breaks or an answer is not 200.
    pub(crate) async fn run(self, pid: u32) -> Result<Sample> {
        let mut opened = Vec::new();
        for requests in self.connections {
            opened.push((Connection::open(self.port).await?, requests));
        }
        let (cpu, watch) = (cpu_seconds(pid)?, Stopwatch::start());
        let count = u32::try_from(opened.len())?;
        let mut tasks = JoinSet::new();
        for (index, (connection, requests)) in (0..count).zip(opened) {
            let pace = self.pace.map(|every| Pace { every, first: every * index / count });
            tasks.spawn(repeat(connection, requests, self.time, pace));
        }
        let mut latencies = Vec::new();
        while let Some(done) = tasks.join_next().await {
            latencies.extend(done??);
        }
        let (wall, cpu) = (watch.elapsed(), cpu_seconds(pid)? - cpu);
        latencies.sort_unstable();
        let p99 = latencies.get(latencies.len() * 99 / 100).copied().unwrap_or_default();
        Ok(Sample { done: latencies.len(), wall, cpu, p99 })
    }
}

/// When a connection sends: the connections of a load are spread evenly over the pause.
#[derive(Clone, Copy)]
struct Pace {
    every: Duration,
    first: Duration,
}

async fn repeat(
    mut connection: Connection,
    requests: Vec<Vec<u8>>,
    time: Duration,
    pace: Option<Pace>,
) -> Result<Vec<Duration>> {
    let watch = Stopwatch::start();
    let mut latencies = Vec::new();
    for (count, request) in (0..).zip(requests.iter().cycle().take(MOST_REQUESTS)) {
        let due = pace.map_or(Duration::ZERO, |pace| pace.first + pace.every * count);
        let late = watch.elapsed().saturating_sub(due);
        if pace.is_some() && late.is_zero() {
            tokio::time::sleep(due.saturating_sub(watch.elapsed())).await;
        }
        if watch.elapsed() >= time {
            break;
        }
        let lap = Stopwatch::start();
        let status = connection.exchange_for_status(request).await?;
        ensure!(status == 200, "answered {status} under load");
        // A request that had to wait for the answer before it was late through no fault of its own.
        latencies.push(lap.elapsed() + if pace.is_some() { late } else { Duration::ZERO });
    }
    Ok(latencies)
}
