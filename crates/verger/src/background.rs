//! What happens without a request: mail leaves, tenants changed elsewhere are re-read, last-active stamps are written, what is past
//! its time is deleted.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use verger_service::{Result, Service};

/// The floor under notices that got lost: mail of another process, mail whose time has come.
const JOBS_EVERY: Duration = Duration::from_secs(1);
const TENANTS_EVERY: Duration = Duration::from_secs(5);
const STAMPS_EVERY: Duration = Duration::from_secs(10);
const HOUSEKEEPING_EVERY: Duration = Duration::from_secs(600);

/// Starts all of it. Each task ends between two steps once `stop` turns true.
pub(crate) fn start(service: &Arc<Service>, stop: &watch::Receiver<bool>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(jobs(Arc::clone(service), stop.clone()));
    let every =
        |name, period, step: fn(Arc<Service>) -> Step| periodic(name, period, Arc::clone(service), step, stop.clone());
    tasks.spawn(every("tenants", TENANTS_EVERY, |service| Box::pin(async move { service.refresh_tenants().await })));
    tasks.spawn(every("last-active stamps", STAMPS_EVERY, |service| {
        Box::pin(async move { service.stamp_last_active().await })
    }));
    tasks.spawn(every("housekeeping", HOUSEKEEPING_EVERY, |service| {
        Box::pin(async move { service.housekeeping().await })
    }));
    tasks
}

type Step = std::pin::Pin<Box<dyn Future<Output = Result<()>> + Send>>;

async fn jobs(service: Arc<Service>, mut stop: watch::Receiver<bool>) {
    let mut health = Health::new("mail");
    while !*stop.borrow() {
        let taken = service.run_due_jobs().await;
        let more = taken.as_ref().is_ok_and(|taken| *taken > 0);
        health.note(&taken.map(drop));
        if more {
            continue;
        }
        tokio::select! {
            () = service.wait_for_jobs() => {}
            () = tokio::time::sleep(JOBS_EVERY) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

async fn periodic(
    name: &'static str,
    period: Duration,
    service: Arc<Service>,
    step: fn(Arc<Service>) -> Step,
    mut stop: watch::Receiver<bool>,
) {
    let mut health = Health::new(name);
    loop {
        tokio::select! {
            () = tokio::time::sleep(period) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        health.note(&step(Arc::clone(&service)).await);
    }
}

/// Logs a trouble when it begins and when it ends, not every second in between.
struct Health {
    name: &'static str,
    failing: bool,
}

impl Health {
    const fn new(name: &'static str) -> Self {
        Self { name, failing: false }
    }

    fn note(&mut self, result: &Result<()>) {
        match result {
            Ok(()) if self.failing => tracing::info!(work = self.name, "background work goes on again"),
            Err(err) if !self.failing => tracing::error!(work = self.name, error = %err, "background work is stuck"),
            Ok(()) | Err(_) => {}
        }
        self.failing = result.is_err();
    }
}
