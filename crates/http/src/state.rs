//! What every handler can reach.

use crate::access::Access;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use url::Url;
use verger_service::Service;

/// The service behind the doors and what the listener was told. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    inner: Arc<Inner>,
}

struct Inner {
    service: Arc<Service>,
    access: Access,
    base_hosts: Vec<String>,
    ignored_params: AtomicU64,
    draining: AtomicBool,
}

impl AppState {
    /// The state of one process.
    pub fn new(service: Arc<Service>, access: Access) -> Self {
        let base = service.base();
        let host = |url: &String| Url::parse(url).ok()?.host_str().map(str::to_ascii_lowercase);
        let base_hosts = [&base.frontend, &base.backend].into_iter().filter_map(host).collect();
        let (ignored_params, draining) = (AtomicU64::new(0), AtomicBool::new(false));
        Self { inner: Arc::new(Inner { service, access, base_hosts, ignored_params, draining }) }
    }

    /// The use cases.
    pub fn service(&self) -> &Service {
        &self.inner.service
    }

    /// The same, to keep.
    pub fn shared_service(&self) -> Arc<Service> {
        Arc::clone(&self.inner.service)
    }

    pub(crate) fn access(&self) -> &Access {
        &self.inner.access
    }

    /// Whether a host name (lower case, no port) is that of the server's own public addresses.
    pub(crate) fn is_base_host(&self, host: &str) -> bool {
        self.inner.base_hosts.iter().any(|own| own == host)
    }

    /// How many form parameters of unknown name were ignored since the start.
    pub fn ignored_params(&self) -> u64 {
        self.inner.ignored_params.load(Ordering::Relaxed)
    }

    pub(crate) fn count_ignored_params(&self, count: u64) {
        self.inner.ignored_params.fetch_add(count, Ordering::Relaxed);
    }

    /// From now on the health check says that this process is going away.
    pub fn begin_shutdown(&self) {
        self.inner.draining.store(true, Ordering::Relaxed);
    }

    /// Whether this process is going away.
    pub fn is_shutting_down(&self) -> bool {
        self.inner.draining.load(Ordering::Relaxed)
    }
}
