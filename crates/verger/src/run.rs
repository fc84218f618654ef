//! The life of a server process: parts are put together, doors open, and after a signal everything ends in order.

use crate::outcome::{Outcome, Stop, explain};
use crate::system::{SystemClock, cores};
use crate::{background, control, http_server};
use axum::Router;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, UnixListener};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::JoinSet;
use verger_crypto::OsEntropy;
use verger_crypto::seal::MasterKey;
use verger_http::{Access, AppState, Doors};
use verger_model::address::PublicBase;
use verger_outbound::{Mailer, SmsSender};
use verger_portal::InboxAccess;
use verger_service::{Parts, Service};
use verger_store::Store;

/// The longest wait for requests that are under way.
const DRAIN: Duration = Duration::from_secs(60);

/// Runs a command's work on a runtime as small as the machine.
pub(crate) fn block_on<F: Future<Output = Outcome>>(work: F) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(cores()).enable_all().build();
    let runtime = runtime.map_err(|err| Stop::failed(format!("no threads to work with: {err}")))?;
    let outcome = runtime.block_on(work);
    // What still runs now was asked to stop and had its time.
    runtime.shutdown_background();
    outcome
}

/// Who carries what leaves the server. Nobody by default: then it waits.
#[derive(Default)]
pub(crate) struct Senders {
    pub(crate) mailer: Option<Arc<dyn Mailer>>,
    pub(crate) sms: Option<Arc<dyn SmsSender>>,
}

/// A service over an open database.
pub(crate) async fn service(
    store: Store,
    master_key: MasterKey,
    base: PublicBase,
    senders: Senders,
) -> Outcome<Arc<Service>> {
    let parts = Parts {
        store,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(OsEntropy),
        master_key,
        base,
        mailer: senders.mailer,
        sms: senders.sms,
        // One core stays free for requests that hash nothing.
        hash_threads: cores().saturating_sub(1).max(1),
    };
    Service::start(parts).await.map_err(|err| Stop::bad_start(format!("cannot start: {}", explain(&err))))
}

/// The routers of all doors over one state.
pub(crate) fn doors(service: &Arc<Service>, access: Access, inbox: InboxAccess) -> (AppState, Doors) {
    let state = AppState::new(Arc::clone(service), access);
    let doors = Doors {
        frontend: verger_fapi::router(state.clone()),
        backend: verger_bapi::router(state.clone()),
        portal: verger_portal::router(state.clone(), inbox),
    };
    (state, doors)
}

/// What is open and who answers there.
pub(crate) struct Server {
    pub(crate) state: AppState,
    pub(crate) listeners: Vec<(TcpListener, Router)>,
    pub(crate) control: Option<UnixListener>,
}

/// The signals that end the process. Taken before the ready line is printed, so that an early one is not lost.
pub(crate) struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    pub(crate) fn take() -> Outcome<Self> {
        let take = |kind| signal(kind).map_err(|err| Stop::failed(format!("signals cannot be taken: {err}")));
        Ok(Self { interrupt: take(SignalKind::interrupt())?, terminate: take(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

impl Server {
    /// Serves until a signal comes; then no new connections, the requests under way are answered, work in the background ends
    /// its step. A second signal or a minute cuts that short.
    pub(crate) async fn run(self, mut signals: Signals) -> Outcome {
        let service = self.state.shared_service();
        let (stop, stopped) = watch::channel(false);
        let work = background::start(&service, &stopped);
        let mut doors = JoinSet::new();
        for (listener, router) in self.listeners {
            doors.spawn(http_server::serve(listener, router, stopped.clone()));
        }
        if let Some(control) = self.control {
            doors.spawn(control::serve(control, Arc::clone(&service), stopped));
        }

        signals.next().await;
        tracing::info!("stopping");
        self.state.begin_shutdown();
        let _ = stop.send(true);
        let drained = async {
            doors.join_all().await;
            work.join_all().await;
            if let Err(err) = service.stamp_last_active().await {
                tracing::warn!(error = %err, "last-active stamps were lost");
            }
            service.store().close().await;
        };
        tokio::select! {
            () = drained => Ok(()),
            () = signals.next() => Err(Stop::failed("stopped at once by a second signal")),
            () = tokio::time::sleep(DRAIN) => Err(Stop::failed("some requests did not end within a minute")),
        }
    }
}
